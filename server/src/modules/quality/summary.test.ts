import { expect, test } from 'vitest';
import { callScores, summaryOf, worstMinute, type ScoredSample } from './summary.ts';

const FROM = 1_000_000_000;
const one = (at: number, score: number | null, changes: Partial<ScoredSample> = {}): ScoredSample => ({
  slot: (FROM + at) / 5_000,
  role: 'customer',
  score,
  cut: false,
  lossIn: 1,
  lossOut: 3,
  roundTripMs: 50,
  jitterMs: 5,
  concealed: null,
  frozenMs: 0,
  framesPerSecond: 25,
  width: 1280,
  height: 720,
  kbpsIn: 1,
  kbpsOut: 1,
  ...changes,
});
const minute = (n: number, score: number, samples = 12) =>
  Array.from({ length: samples }, (_, i) => one(n * 60_000 + i * 5_000, score));

test('the worst minute is the one with the lowest mean, and no scrap of one', () => {
  const samples = [...minute(0, 4), ...minute(1, 2.5), ...minute(2, 4), ...minute(3, 1, 2)];
  expect(worstMinute(samples, FROM)).toEqual({ at: FROM + 60_000, score: 2.5 });
  expect(worstMinute(minute(0, 3, 2), FROM)).toEqual({ at: FROM, score: 3 });
  expect(worstMinute([one(0, null)], FROM)).toBeNull();
});

test('a side sums up to means of what was told, the worse way of loss, and the time that stood still or was cut', () => {
  const cut = { cut: true, lossIn: null, lossOut: null, roundTripMs: null, frozenMs: null };
  const samples = [one(0, 4), one(5_000, 2, { frozenMs: 1_500, lossIn: 5 }), one(10_000, 1, cut), one(15_000, null)];
  expect(summaryOf(samples, FROM)).toEqual({
    role: 'customer',
    samples: 4,
    score: 7 / 3,
    worst: { at: FROM, score: 7 / 3 },
    lossPercent: 11 / 3,
    roundTripMs: 50,
    frozenMs: 1_500,
    cutMs: 5_000,
  });
  expect(summaryOf([], FROM)).toBeNull();
});

test('a call has a score of its customer, of all who led it while they did, and the lower of both', () => {
  const samples = [
    one(0, 4),
    one(0, 3, { role: 'agent' }),
    one(5_000, 2, { role: 'agent' }),
    one(0, 1, { role: 'expert' }),
  ];
  expect(callScores(samples)).toEqual({ customer: 4, agent: 2.5, call: 2.5 });
  expect(callScores([])).toEqual({ customer: null, agent: null, call: null });
  expect(callScores([one(0, 3)])).toEqual({ customer: 3, agent: null, call: 3 });
});
