import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DEMO_PASSWORD } from '../../../server/src/flows/seed-demo.ts';
import { startServer, type ServerProcess } from '../../e2e/lab/server.ts';
import { createHttp } from '../../integration/lab/http.ts';
import { enrolLabKiosk } from '../../integration/lab/kiosk.ts';
import { signInLabStaff } from '../../integration/lab/staff.ts';
import { finishCall, joinQueue, ringing } from '../../integration/lab/stories.ts';
import { cameraParameters, microphoneParameters } from '../../media/lab/parameters.ts';
import type { Figure } from '../first-frame/figures.ts';
import { say } from './stage.ts';

/** The first calls fill caches and heaps, which is no leak. */
const WARM_SHARE = 0.25;
const GROWTH_GOAL_MB = 30;
/** A line may ask 50 times a second. */
const BETWEEN_CALLS_MS = 250;
/** A call waits for a lost line for 90 s, and so do its media. */
const GONE_WITHIN_MS = 120_000;

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function mediaObjects(url: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return [...text.matchAll(/^openvtm_media_objects\{kind="(?:transports|producers|consumers)"\} (\d+)/gm)].reduce(
    (sum, found) => sum + Number(found[1]),
    0,
  );
}

async function memoryOf(server: ServerProcess): Promise<number> {
  const pids = [server.pid, ...(await server.workers())];
  return pids.reduce((sum, pid) => sum + residentMb(pid), 0);
}

/** What is left in the server and its media worker after many calls, in each of which both sides make all their media anew. */
export async function leftovers({ calls }: { calls: number }): Promise<Figure[]> {
  const server = await startServer({ env: () => ({ OPENVTM_LOG_LEVEL: 'info' }) });
  try {
    const http = createHttp(server.url);
    const needs = { url: server.url, http, now: Date.now };
    const kiosk = await enrolLabKiosk({ ...needs, code: 'DEMO-KIOSK-1' });
    const agent = await signInLabStaff({ ...needs, username: 'li.na', password: DEMO_PASSWORD });
    for (const line of [kiosk, agent]) await line.open();
    await agent.must('queue:ready', {});
    const warm = Math.round(calls * WARM_SHARE);
    let before = 0;
    let most = 0;
    for (let call = 0; call < calls; call += 1) {
      if (call === warm) before = await memoryOf(server);
      for (const line of [kiosk, agent]) {
        const { rtpCapabilities } = await line.must('media:join', {});
        await line.must('media:produce', cameraParameters());
        await line.must('media:produce', microphoneParameters());
        await line.must('media:receive', { rtpCapabilities });
      }
      await joinQueue(kiosk);
      const { offerId } = await ringing(agent);
      const { callId } = await agent.must('call:accept', { offerId });
      await kiosk.until((shown) => shown.call?.callId === callId);
      most = Math.max(most, await mediaObjects(server.url));
      await finishCall(agent, callId);
      await agent.until((shown) => shown.agent?.at === 'ready');
      await pause(BETWEEN_CALLS_MS);
      if (call % 50 === 49) say(`${call + 1} calls: ${Math.round(await memoryOf(server))} MB`);
    }
    const growth = (await memoryOf(server)) - before;
    for (const line of [kiosk, agent]) line.leave();
    const until = Date.now() + GONE_WITHIN_MS;
    while ((await mediaObjects(server.url)) > 0 && Date.now() < until) await pause(500);
    const left = await mediaObjects(server.url);
    return [
      {
        name: `transports, producers and consumers left after ${calls} calls (beside: the most during one)`,
        value: left,
        unit: '',
        beside: most,
        ratio: left / most,
        goal: '0',
        holds: left === 0 && most >= 12,
      },
      {
        name: `memory of server and worker after ${calls} calls more than after ${warm} (beside: after ${warm})`,
        value: growth,
        unit: 'MB',
        beside: before,
        ratio: growth / before,
        goal: `≤ ${GROWTH_GOAL_MB} MB`,
        holds: growth <= GROWTH_GOAL_MB,
      },
    ];
  } finally {
    await server.close();
  }
}
