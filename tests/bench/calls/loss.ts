import type { Browser } from 'playwright-core';
import { setTimeout as pause } from 'node:timers/promises';
import { fakeDevices, openBrowser } from '../../e2e/lab/browser.ts';
import type { Figure } from '../first-frame/figures.ts';
import { watchSeat } from '../recovery/moving.ts';
import { overRelays } from './network.ts';
import { say } from './stage.ts';

/** Percent of datagrams lost each way, ms of round trip, and how much of the time a picture may stand still. */
const LINKS = [
  { lossPercent: 5, roundTripMs: 0, goal: 0.02 },
  { lossPercent: 10, roundTripMs: 0, goal: 0.05 },
  { lossPercent: 20, roundTripMs: 0, goal: 0.4 },
  { lossPercent: 5, roundTripMs: 300, goal: 0.1 },
];
const SETTLE_MS = 5_000;

/**
 * As many as the apps ask a camera for. What counts as frozen hangs on it: a layer in time has every fourth frame, which
 * is a gap of 0.13 s here, and of 0.4 s, so a freeze, with the lab's usual 10.
 */
const FRAMES_PER_SECOND = 30;

/** A call over a bad link, beside the same call over a good one just before. */
export async function loss({ seconds }: { seconds: number }): Promise<Figure[]> {
  const browser = await openBrowser({ args: [fakeDevices(FRAMES_PER_SECOND)] });
  try {
    return await watchLinks(browser, { seconds });
  } finally {
    await browser.close();
  }
}

const watchLinks = (browser: Browser, { seconds }: { seconds: number }): Promise<Figure[]> =>
  overRelays(browser, { calls: 1 }, async ({ media, line, seats }) => {
    const frozen = async (ms: number): Promise<number> => {
      const flows = await Promise.all(seats.map((seat) => watchSeat(seat, { ms })));
      return Math.max(...flows.map(({ frozenMs, watchedMs }) => frozenMs / watchedMs));
    };
    const figures: Figure[] = [];
    for (const { lossPercent, roundTripMs, goal } of LINKS) {
      media.setLoss(0);
      for (const relay of [media, line]) relay.setDelay(0);
      await pause(2 * SETTLE_MS);
      const beside = await frozen((seconds * 1000) / 3);
      media.setLoss(lossPercent);
      for (const relay of [media, line]) relay.setDelay(roundTripMs / 2);
      const value = await frozen(seconds * 1000);
      say(`${lossPercent} % lost, ${roundTripMs} ms round trip: frozen ${value}, without ${beside}`);
      figures.push({
        name: `time frozen at ${lossPercent} % loss and ${roundTripMs} ms round trip, ${seconds} s, worse side (beside: a good link)`,
        value: 100 * value,
        unit: '%',
        beside: 100 * beside,
        ratio: beside === 0 ? null : value / beside,
        goal: `≤ ${100 * goal} %`,
        holds: value <= goal,
      });
    }
    return figures;
  });
