import type { Browser } from 'playwright-core';
import { DEMO_PASSWORD } from '../../../server/src/flows/seed-demo.ts';
import { accept, readyAgent } from '../../e2e/lab/agent.ts';
import { by } from '../../e2e/lab/browser.ts';
import { joinQueue, openKiosk } from '../../e2e/lab/kiosk.ts';
import { createHttp } from '../../integration/lab/http.ts';
import { signInLabStaff } from '../../integration/lab/staff.ts';
import { movesAgain, trackOf, type Seat } from '../recovery/moving.ts';

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

type CallWish = {
  kiosk?: 1 | 2;
  username?: string;
  /** Runs between the opening of the two. */
  meanwhile?: () => void;
  /** Is told how many ms after the agent's click the third frame was shown to the customer. */
  firstFrame?: (ms: number) => void;
};

/** A kiosk and an agent in a call, with moving pictures at both. */
export async function openCall(
  browser: Browser,
  url: string,
  { kiosk: number = 1, username = 'li.na', meanwhile, firstFrame }: CallWish = {},
): Promise<Seat[]> {
  const kiosk = await openKiosk(browser, url, { number });
  meanwhile?.();
  const agent = await readyAgent(browser, url, username);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  const customer: Seat = { page: kiosk.page, who: 'kiosk' };
  const seats: Seat[] = [customer, { page: agent.page, who: 'agent' }];
  const shown = movesAgain(customer, { before: '', withinMs: 30_000 });
  const began = Date.now();
  await accept(agent);
  firstFrame?.((await shown) - began);
  await Promise.all(seats.map((seat) => movesAgain(seat, { before: '', withinMs: 30_000 })));
  return seats;
}

const PAIRS = [
  { kiosk: 1, username: 'li.na' },
  { kiosk: 2, username: 'chen.jing' },
] as const;

/** Up to two calls side by side; who sits in them, all in one list. */
export async function openCalls(browser: Browser, url: string, { calls }: { calls: number }): Promise<Seat[]> {
  const seats: Seat[] = [];
  for (const pair of PAIRS.slice(0, calls)) seats.push(...(await openCall(browser, url, pair)));
  return seats;
}

/** ms from `began`, which `job` answers, until both pictures move with new tracks. */
export async function pictureBack(seats: Seat[], withinMs: number, job: () => Promise<number>): Promise<number> {
  const before = await Promise.all(seats.map(trackOf));
  const back = seats.map((seat, i) => movesAgain(seat, { before: before[i] ?? '', withinMs }));
  // Waited for from the start; a failure is seen below and not as an unhandled one.
  for (const one of back) one.catch(() => undefined);
  const began = await job();
  return Math.max(...(await Promise.all(back))) - began;
}

/** How many calls were started and ended so far, by the journal. */
export async function countCalls(url: string): Promise<{ started: number; ended: number }> {
  const http = createHttp(url);
  const inspector = await signInLabStaff({ url, http, now: Date.now, username: 'liu.yang', password: DEMO_PASSWORD });
  const page = await http.json<{ lines: { kind: string }[] }>('GET', '/api/audit?kind=call.&limit=200', {
    token: await inspector.token(),
  });
  const count = (kind: string) => page.lines.filter((line) => line.kind === kind).length;
  return { started: count('call.started'), ended: count('call.ended') };
}
