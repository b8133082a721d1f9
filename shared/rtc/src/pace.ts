/** A look that comes so much later than planned (times) was held up by the drawing: the rest of the page is, too. */
const HELD_UP = 1.6;
/** Below this many frames a second a face is no longer seen to speak. */
const FLOOR = 4;
const SLOW_FOR_MS = 5_000;

/** A look that is later than this (times) comes after a sleep, unless the one before was so, too. */
const SLEPT = 3;

/** How fast a picture is drawn. `slowMs`: for how long it has been too slow without a break; `late`: the last look was far too late. */
export type Pace = { readonly framesPerSecond: number; readonly slowMs: number; readonly late: boolean };
export const startPace: Pace = { framesPerSecond: 0, slowMs: 0, late: false };

/**
 * Goes on by one look at a drawing: `drawn` frames in `ms`, of which a look every `everyMs` was planned. One that comes
 * late says that the drawing leaves the page no time; a single one far too late that the machine slept, and nothing of the
 * drawing, as one while the camera itself `rests`. Pure.
 */
export function paceAfter(
  before: Pace,
  look: { drawn: number; ms: number; everyMs: number; rests: boolean },
): { pace: Pace; tooSlow: boolean } {
  const { drawn, ms, everyMs, rests } = look;
  const late = ms > SLEPT * everyMs;
  if (rests || (late && !before.late)) return { pace: { ...before, slowMs: 0, late }, tooSlow: false };
  const framesPerSecond = (drawn * 1_000) / ms;
  const slowMs = framesPerSecond < FLOOR || ms > HELD_UP * everyMs ? before.slowMs + Math.min(ms, SLEPT * everyMs) : 0;
  return { pace: { framesPerSecond, slowMs, late }, tooSlow: slowMs >= SLOW_FOR_MS };
}
