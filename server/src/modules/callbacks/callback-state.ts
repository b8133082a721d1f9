/** `asked`: to be called; `back`: the customer is at a kiosk again. */
export type CallBackState = 'asked' | 'back' | 'ended' | 'expired';

/** ms that the place is kept, from when somebody may be there to serve: the way home, the call, and the way back. */
export const KEPT_MS = 4 * 3_600_000;
/** ms; a case that is put by is given up after a week, and its place goes before. */
export const KEPT_AT_MOST_MS = 6 * 24 * 3_600_000;

/** Until when a place is kept; `opensAt` of a queue that is closed now, else null. Pure. */
export const keptUntil = (now: number, opensAt: number | null): number =>
  Math.min(Math.max(now, opensAt ?? now) + KEPT_MS, now + KEPT_AT_MOST_MS);
