import { expect, test } from 'vitest';
import {
  FLOOR,
  limitsOf,
  nextLink,
  troublesOf,
  USUAL_MS,
  usualOf,
  type Figures,
  type Link,
  type Seen,
} from './link-state.ts';

const usual = { score: 4.3, spread: 0.05, calls: 50 };
const figures = (score: number, changes: Partial<Figures> = {}): Figures => ({
  score,
  lossPercent: 0,
  roundTripMs: 50,
  frozenPercent: 0,
  cutPercent: 0,
  ...changes,
});
type Scores = { calls?: number; short?: number; long?: number; usual?: Seen['usual'] };
const seen = ({ calls, short, long, usual: known = usual }: Scores): Seen => ({
  usual: known,
  calls: calls === undefined ? null : figures(calls),
  running: {
    short: short === undefined ? null : figures(short),
    long: long === undefined ? null : figures(long),
  },
});
const asUsual: Link = { at: 'usual', since: 0 };
const worse: Link = { at: 'worse', since: 100, by: 'calls', usual, was: figures(3) };

test('the usual is the median and the robust spread of enough calls: one bad day moves it little', () => {
  const scores = [
    ...Array.from({ length: 40 }, (_, i) => 4.2 + (i % 5) * 0.05),
    ...Array.from({ length: 9 }, () => 1.5),
  ];
  const found = usualOf(scores);
  expect(found?.score).toBeCloseTo(4.25, 5);
  expect(found?.spread).toBeLessThan(0.15);
  expect(found?.calls).toBe(49);
  expect(usualOf(scores.slice(0, 9))).toBeNull();
});

test('what is worse is well below the usual, further where calls differ much, and never what people are satisfied with', () => {
  expect(limitsOf(usual).worse).toBeCloseTo(3.8, 5);
  expect(limitsOf({ ...usual, spread: 0.3 }).worse).toBeCloseTo(3.4, 5);
  expect(limitsOf({ score: 4.9, spread: 0.01, calls: 50 }).worse).toBe(4);
  expect(limitsOf({ score: 1.2, spread: 0.5, calls: 50 }).worse).toBe(1);
  for (const one of [usual, { ...usual, spread: 0.3 }, { score: 2, spread: 0, calls: 10 }, null])
    expect(limitsOf(one).back).toBeGreaterThan(limitsOf(one).worse);
});

test('a link becomes worse by its running calls or its latest, with what it was and what it usually is', () => {
  expect(nextLink(asUsual, seen({ calls: 3 }), 7)).toEqual({
    at: 'worse',
    since: 7,
    by: 'calls',
    usual,
    was: figures(3),
  });
  expect(nextLink(asUsual, seen({ calls: 4.3, short: 2 }), 7)).toMatchObject({ by: 'running', was: { score: 2 } });
  for (const one of [{}, { calls: 3.9 }, { short: 3.9 }, { long: 1 }])
    expect(nextLink(asUsual, seen(one), 7)).toBe(asUsual);
});

test('a branch without a usual is told of only where a link is bad for any branch', () => {
  expect(nextLink(asUsual, seen({ calls: FLOOR, short: FLOOR, usual: null }), 7)).toBe(asUsual);
  expect(nextLink(asUsual, seen({ calls: FLOOR - 0.1, usual: null }), 7)).toMatchObject({ at: 'worse', usual: null });
});

test('it is back by three minutes or three calls that are well above the limit, and does not flap around it', () => {
  for (const one of [{ short: 4.4 }, { long: 3.9 }, { calls: 3.9 }, {}])
    expect(nextLink(worse, seen(one), 200)).toBe(worse);
  for (const one of [{ long: 4.2 }, { calls: 4.2, long: 1 }])
    expect(nextLink(worse, seen(one), 200)).toEqual({ at: 'usual', since: 200 });
  // Its own usual counts, not one that the bad calls have moved.
  expect(nextLink(worse, seen({ calls: 3.2, usual: { score: 3, spread: 0, calls: 50 } }), 200)).toBe(worse);
});

test('what stays so for as long as calls count is the usual from then on', () => {
  expect(nextLink(worse, seen({}), 99 + USUAL_MS)).toBe(worse);
  expect(nextLink(worse, seen({}), 100 + USUAL_MS)).toEqual({ at: 'usual', since: 100 + USUAL_MS });
});

test('what is wrong is named by the figures that are bad enough, and there is always a word', () => {
  expect(troublesOf(figures(2, { lossPercent: 5, cutPercent: 1 }))).toEqual(['cut', 'loss']);
  expect(troublesOf(figures(2, { roundTripMs: 400, frozenPercent: 4 }))).toEqual(['delay', 'frozen']);
  expect(troublesOf(figures(2))).toEqual(['picture']);
});
