import type { Browser } from 'playwright-core';
import { setTimeout as pause } from 'node:timers/promises';
import { median, type Figure } from '../first-frame/figures.ts';
import { watchSeat } from '../recovery/moving.ts';
import { overRelays } from './network.ts';
import { countCalls, say } from './stage.ts';

const WATCH_MS = 8_000;
const GAP_GOAL_MS = 4_000;

/** The far side sees every device from a new port, as when a NAT forgets or a tablet changes its network. */
export const address = (browser: Browser, { rounds }: { rounds: number }): Promise<Figure[]> =>
  overRelays(browser, { calls: 1 }, async ({ server, media, seats }) => {
    const longest = async (): Promise<number> =>
      Math.max(
        ...(await Promise.all(seats.map((seat) => watchSeat(seat, { ms: WATCH_MS })))).map((one) => one.longestMs),
      );
    const quiet = await longest();
    const gaps: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const watched = longest();
      await pause(500);
      await media.rebind();
      gaps.push(await watched);
      say(`address changed ${round + 1}: longest gap ${gaps.at(-1)} ms`);
    }
    const counted = await countCalls(server.url);
    const worst = Math.max(...gaps);
    return [
      {
        name: `longest gap in a picture when addresses change, worst of ${rounds} (beside: without)`,
        value: worst,
        unit: 'ms',
        beside: quiet,
        ratio: worst / quiet,
        goal: `≤ ${GAP_GOAL_MS} ms, call kept`,
        holds: worst <= GAP_GOAL_MS && counted.ended === 0,
      },
      {
        name: 'the same, median',
        value: median(gaps),
        unit: 'ms',
        beside: quiet,
        ratio: median(gaps) / quiet,
        goal: `≤ ${GAP_GOAL_MS} ms`,
        holds: median(gaps) <= GAP_GOAL_MS,
      },
    ];
  });
