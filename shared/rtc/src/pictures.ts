/**
 * Whether a link has room for pictures beside speech. `badSince`, `calmSince`: since when it has been so without a break;
 * `waitMs`: how long pictures stay away at the least, `backAt` when they last came back.
 */
export type Pictures =
  | { at: 'on'; badSince: number | null; waitMs: number; backAt: number | null }
  | { at: 'off'; since: number; calmSince: number | null; waitMs: number };

// A picture of which every fourth packet is lost freezes more than it moves (measured: 20 % is bearable).
const BAD = { lossPercent: 25, roundTripMs: 1_500 };
const CALM = { lossPercent: 8, roundTripMs: 800 };
const BAD_FOR_MS = 8_000;
const CALM_FOR_MS = 6_000;
const WAIT_FIRST_MS = 15_000;
const WAIT_MOST_MS = 120_000;
/** Pictures that are away again this soon were too much for the link: the next pause is twice as long. */
const SOON_MS = 60_000;

export const allPictures: Pictures = { at: 'on', badSince: null, waitMs: WAIT_FIRST_MS, backAt: null };

/** The link was away: what was bad or calm before it says nothing of what comes after. Pure. */
export const interrupted = (before: Pictures): Pictures =>
  before.at === 'on' ? { ...before, badSince: null } : { ...before, calmSince: null };

/** What one more reading of the link, some seconds after the last one, says of it. Pure. */
export function judgePictures(
  before: Pictures,
  { lossPercent, roundTripMs }: { lossPercent: number; roundTripMs: number },
  now: number,
): Pictures {
  if (before.at === 'on') {
    if (lossPercent < BAD.lossPercent && roundTripMs < BAD.roundTripMs) return { ...before, badSince: null };
    const badSince = before.badSince ?? now;
    if (now - badSince < BAD_FOR_MS) return { ...before, badSince };
    const again = before.backAt !== null && now - before.backAt < SOON_MS;
    return {
      at: 'off',
      since: now,
      calmSince: null,
      waitMs: again ? Math.min(WAIT_MOST_MS, 2 * before.waitMs) : WAIT_FIRST_MS,
    };
  }
  if (lossPercent > CALM.lossPercent || roundTripMs > CALM.roundTripMs) return { ...before, calmSince: null };
  const calmSince = before.calmSince ?? now;
  const enough = now - calmSince >= CALM_FOR_MS && now - before.since >= before.waitMs;
  return enough ? { at: 'on', badSince: null, waitMs: before.waitMs, backAt: now } : { ...before, calmSince };
}
