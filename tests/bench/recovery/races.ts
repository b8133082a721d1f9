import { setTimeout as pause } from 'node:timers/promises';
import { createHttp } from '../../integration/lab/http.ts';
import { enrolLabKiosk } from '../../integration/lab/kiosk.ts';
import { signInLabStaff } from '../../integration/lab/staff.ts';
import { finishCall, joinQueue, ringing } from '../../integration/lab/stories.ts';

const BETWEEN_RACES_MS = 150;

export type Races = { races: number; oneWinner: number; losersTold: number; slowestMs: number };

/** One offer accepted twice by its agent and once by another, all at once, `count` times. `otherUrl`: where the other is. */
export async function raceForOffers(
  url: string,
  options: { count: number; code: string; password: string; otherUrl?: string },
): Promise<Races> {
  const { count, code, password, otherUrl = url } = options;
  const http = createHttp(url);
  const needs = { url, http, now: Date.now };
  const kiosk = await enrolLabKiosk({ ...needs, code });
  const agent = await signInLabStaff({ ...needs, username: 'wang.wei', password });
  const other = await signInLabStaff({
    url: otherUrl,
    http: createHttp(otherUrl),
    now: Date.now,
    username: 'chen.jing',
    password,
  });
  for (const one of [kiosk, agent, other]) await one.open();
  await agent.must('queue:ready', {});
  const result: Races = { races: count, oneWinner: 0, losersTold: 0, slowestMs: 0 };
  for (let race = 0; race < count; race += 1) {
    await joinQueue(kiosk);
    const { offerId } = await ringing(agent);
    const began = performance.now();
    const answers = await Promise.all([agent, other, agent].map((one) => one.ask('call:accept', { offerId })));
    result.slowestMs = Math.max(result.slowestMs, performance.now() - began);
    const winners = answers.filter((answer) => answer.ok);
    if (winners.length === 1) result.oneWinner += 1;
    if (answers.filter((answer) => !answer.ok && answer.error.code === 'offer-gone').length === 2)
      result.losersTold += 1;
    const [winner] = winners;
    if (!winner?.ok) throw new Error(`nobody won race ${race + 1}`);
    await finishCall(agent, winner.data.callId);
    await agent.until(({ agent: state }) => state?.at === 'ready');
    // A line may ask 50 times a second, and a race asks about ten times.
    await pause(BETWEEN_RACES_MS);
  }
  await agent.must('queue:sign-off', {});
  for (const one of [kiosk, agent, other]) one.leave();
  return result;
}
