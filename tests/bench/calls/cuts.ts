import type { Browser } from 'playwright-core';
import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from '../first-frame/figures.ts';
import { movesFromNow } from '../recovery/moving.ts';
import { overRelays } from './network.ts';
import { countCalls, say } from './stage.ts';

/** Seconds of a cut, and within how many ms of its end the picture is back. Source: the fault list of the design. */
const CUTS = [
  { seconds: 5, goalMs: 3_000 },
  { seconds: 15, goalMs: 5_000 },
  { seconds: 30, goalMs: 8_000 },
  { seconds: 60, goalMs: 8_000 },
];
const LONGEST_KEPT_SECONDS = 88;
const WITHIN_MS = 60_000;

/** All legs of several calls at once, media and signalling, are cut and restored together. */
export const cuts = (browser: Browser, { rounds, calls }: { rounds: number; calls: number }): Promise<Figure[]> =>
  overRelays(browser, { calls }, async ({ server, media, line, seats }) => {
    const back = async (seconds: number): Promise<number> => {
      media.cut();
      line.cut();
      await pause(seconds * 1000);
      media.restore();
      line.restore();
      const restored = Date.now();
      const moved = await Promise.all(seats.map((seat) => movesFromNow(seat, { withinMs: WITHIN_MS })));
      return Math.max(...moved) - restored;
    };
    const figures: Figure[] = [];
    for (const { seconds, goalMs } of CUTS) {
      const all: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        all.push(await back(seconds));
        say(`cut of ${seconds} s, ${round + 1}: video back in all calls after ${all.at(-1)} ms`);
      }
      const worst = Math.max(...all);
      figures.push({
        name: `video back after a cut of ${seconds} s, worst of ${rounds * calls} calls (beside: the cut)`,
        value: worst,
        unit: 'ms',
        beside: seconds * 1000,
        ratio: worst / (seconds * 1000),
        goal: `≤ ${goalMs} ms`,
        holds: worst <= goalMs,
      });
    }
    say(`cut of ${LONGEST_KEPT_SECONDS} s: video back after ${await back(LONGEST_KEPT_SECONDS)} ms`);
    const counted = await countCalls(server.url);
    figures.push({
      name: `calls ended by cuts of up to ${LONGEST_KEPT_SECONDS} s (beside: calls)`,
      value: counted.ended,
      unit: '',
      beside: counted.started,
      ratio: counted.ended / counted.started,
      goal: `0 of ${calls}`,
      holds: counted.ended === 0 && counted.started === calls,
    });
    return figures;
  });
