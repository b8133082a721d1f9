import { expect, test } from 'vitest';
import { allPictures, interrupted, judgePictures, type Pictures } from './pictures.ts';

const BAD = { lossPercent: 40, roundTripMs: 200 };
const FAIR = { lossPercent: 15, roundTripMs: 200 };
const CALM = { lossPercent: 1, roundTripMs: 100 };

/** Readings every two seconds from `from` on, in seconds; the state after each. */
function read(before: Pictures, readings: (typeof BAD)[], from: number): Pictures {
  return readings.reduce((state, reading, i) => judgePictures(state, reading, (from + 2 * i) * 1_000), before);
}
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

test('pictures go after eight bad seconds without a break', () => {
  expect(read(allPictures, times(4, BAD), 0).at).toBe('on');
  expect(read(allPictures, times(5, BAD), 0).at).toBe('off');
  expect(read(allPictures, [...times(4, BAD), FAIR, ...times(4, BAD)], 0).at).toBe('on');
  expect(read(allPictures, times(5, { lossPercent: 0, roundTripMs: 2_000 }), 0).at).toBe('off');
});

test('they come back after a while of calm, and not while it is only fair', () => {
  const off = read(allPictures, times(5, BAD), 0);
  expect(read(off, times(10, CALM), 10).at).toBe('on');
  expect(read(off, times(4, CALM), 10).at).toBe('off');
  expect(read(off, times(60, FAIR), 10).at).toBe('off');
  expect(read(off, [...times(6, CALM), FAIR, CALM], 10).at).toBe('off');
});

test('the pause grows while they are too much for the link, and is the first one again after a good minute', () => {
  const off = read(allPictures, times(5, BAD), 0);
  const back = read(off, times(8, CALM), 10);
  expect(back).toMatchObject({ at: 'on' });
  expect(read(back, times(5, BAD), 26)).toMatchObject({ at: 'off', waitMs: 30_000 });
  expect(read(back, [...times(40, CALM), ...times(5, BAD)], 26)).toMatchObject({ at: 'off', waitMs: 15_000 });
});

test('a cut is a break: one bad reading on each side of it is no long trouble', () => {
  const before = read(allPictures, times(2, BAD), 0);
  expect(read(interrupted(before), times(2, BAD), 20).at).toBe('on');
  expect(read(interrupted(before), times(5, BAD), 20).at).toBe('off');
});
