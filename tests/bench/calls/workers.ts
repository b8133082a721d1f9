import type { Browser } from 'playwright-core';
import { startServer } from '../../e2e/lab/server.ts';
import { median, type Figure } from '../first-frame/figures.ts';
import { movesAgain, trackOf } from '../recovery/moving.ts';
import { openCall, pictureBack, say } from './stage.ts';

const HARMS = [
  { signal: 'SIGKILL', name: 'killed', goalMs: 2_000 },
  { signal: 'SIGSTOP', name: 'hung', goalMs: 8_000 },
] as const;
const WITHIN_MS = 40_000;

/** The media worker with the call is killed, and then made to hang, as often as asked. */
export async function workers(browser: Browser, { rounds }: { rounds: number }): Promise<Figure[]> {
  const server = await startServer({ env: () => ({ OPENVTM_LOG_LEVEL: 'info' }) });
  try {
    const seats = await openCall(browser, server.url);
    const desk = seats[1];
    if (!desk) throw new Error('no call');
    const reloads: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const before = await trackOf(desk);
      const began = Date.now();
      await desk.page.reload();
      reloads.push((await movesAgain(desk, { before, withinMs: WITHIN_MS })) - began);
    }
    const beside = median(reloads);
    const figures: Figure[] = [];
    for (const { signal, name, goalMs } of HARMS) {
      const back: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        back.push(
          await pictureBack(seats, WITHIN_MS, async () => {
            const [pid] = await server.workers();
            if (pid === undefined) throw new Error('no media worker to harm');
            const began = Date.now();
            process.kill(pid, signal);
            return began;
          }),
        );
        say(`worker ${name} ${round + 1}: video back after ${back.at(-1)} ms`);
      }
      const worst = Math.max(...back);
      figures.push({
        name: `video back after the media worker was ${name}, worst of ${rounds} (beside: a reload of the page)`,
        value: worst,
        unit: 'ms',
        beside,
        ratio: worst / beside,
        goal: `≤ ${goalMs} ms`,
        holds: worst <= goalMs,
      });
    }
    return figures;
  } finally {
    await server.close();
  }
}
