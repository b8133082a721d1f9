import type { Point } from '@openvtm/protocol';
import type { Observation } from './observe.ts';

/** What the customer is told, the most important first; `good`: nothing is to be done but to hold still. */
export const ADVICE = ['no-page', 'too-dark', 'cut-off', 'too-far', 'hold-still', 'glare', 'blurred', 'good'] as const;
export type Advice = (typeof ADVICE)[number];

/** Of 255: where the page itself is darker than this, print is lost in the noise of the camera. */
const DARK = 70;
/** Share of the page that may be nothing but white: a reflex of a lamp covers more. */
const GLARE = 0.012;
/** Below it the smallest print of an ID card can't be read. */
const SHARP = 0.3;
/** A page that covers less of the picture is too far away to be read (share). */
const NEAR = 0.1;
/** Of the picture: as far as a corner moves between two looks in a quiet hand. */
const STILL = 0.012;
/** ms: for so long it must be good before it is taken by itself. */
const GOOD_FOR_MS = 900;
/** ms: words that change faster than this cannot be read. */
const SAY_AFTER_MS = 350;

export type Guidance = {
  said: Advice;
  /** The page as it was seen last. */
  corners: Point[] | null;
  /** What is to be said next, and since when. */
  next: { advice: Advice; since: number };
  /** The picture is to be taken now. */
  take: boolean;
};

export const noGuidance = (now: number): Guidance => ({
  said: 'no-page',
  corners: null,
  next: { advice: 'no-page', since: now },
  take: false,
});

const areaOf = (corners: readonly Point[]) => {
  const [width, height] = (['x', 'y'] as const).map((axis) => {
    const all = corners.map((corner) => corner[axis]);
    return Math.max(...all) - Math.min(...all);
  });
  return (width ?? 0) * (height ?? 0);
};

const isMoved = (before: Point[] | null, after: Point[]) =>
  before === null || after.some(({ x, y }, i) => Math.hypot(x - (before[i]?.x ?? 9), y - (before[i]?.y ?? 9)) > STILL);

/** What one look says. */
export function adviceOf(seen: Observation, before: Point[] | null): Advice {
  if (seen.light < DARK) return 'too-dark';
  if (!seen.corners) return 'no-page';
  if (seen.cutOff) return 'cut-off';
  if (areaOf(seen.corners) < NEAR) return 'too-far';
  if (isMoved(before, seen.corners)) return 'hold-still';
  if (seen.glare > GLARE) return 'glare';
  return seen.sharpness < SHARP ? 'blurred' : 'good';
}

/** One look further. Pure; what is said follows what is seen a little later, so that words do not flicker. */
export function lookAgain(last: Guidance, seen: Observation, now: number): Guidance {
  const advice = adviceOf(seen, last.corners);
  const next = advice === last.next.advice ? last.next : { advice, since: now };
  const held = now - next.since;
  return {
    said: held >= SAY_AFTER_MS ? advice : last.said,
    corners: seen.corners,
    next,
    take: advice === 'good' && held >= GOOD_FOR_MS,
  };
}
