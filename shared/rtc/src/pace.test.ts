import { expect, test } from 'vitest';
import { paceAfter, startPace, type Pace } from './pace.ts';

const EVERY = 1_000;
/** Looks once a second at a drawing of so many frames each; says after which look it was too slow. */
function slowAfter(frames: { drawn: number; ms?: number; rests?: boolean }[]): number | null {
  let pace: Pace = startPace;
  for (const [i, { drawn, ms = EVERY, rests = false }] of frames.entries()) {
    const next = paceAfter(pace, { drawn, ms, everyMs: EVERY, rests });
    pace = next.pace;
    if (next.tooSlow) return i + 1;
  }
  return null;
}
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one);

test('is too slow after five seconds under four frames a second', () => {
  expect(slowAfter(times(10, { drawn: 3 }))).toBe(5);
  expect(slowAfter(times(10, { drawn: 0 }))).toBe(5);
});

test('is fast enough at the floor, and after a hiccup', () => {
  expect(slowAfter(times(20, { drawn: 4 }))).toBeNull();
  expect(slowAfter([...times(4, { drawn: 1 }), { drawn: 12 }, ...times(4, { drawn: 1 })])).toBeNull();
});

test('says nothing of a machine that slept, or of a camera that rests', () => {
  expect(slowAfter([...times(4, { drawn: 1 }), { drawn: 3, ms: 60_000 }, ...times(4, { drawn: 1 })])).toBeNull();
  expect(slowAfter(times(20, { drawn: 0, rests: true }))).toBeNull();
});

test('is too slow where it holds up the page, however many frames it draws', () => {
  expect(slowAfter(times(10, { drawn: 20, ms: 1_700 }))).toBe(3);
  expect(slowAfter(times(10, { drawn: 20, ms: 1_200 }))).toBeNull();
});

test('is too slow where every look comes far too late: no machine sleeps that often', () => {
  expect(slowAfter(times(10, { drawn: 2, ms: 4_000 }))).toBe(3);
  expect(slowAfter([{ drawn: 2, ms: 4_000 }, { drawn: 12 }, { drawn: 2, ms: 4_000 }, { drawn: 12 }])).toBeNull();
});

test('counts by the time that has really passed', () => {
  expect(paceAfter(startPace, { drawn: 20, ms: 2_000, everyMs: EVERY, rests: false }).pace.framesPerSecond).toBe(10);
});
