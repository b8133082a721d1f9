import type { CallEvent } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { addressOf } from './ended-calls.ts';
import { heldSlots, levelOf, minutesOf, pointsOf } from './timeline.ts';

const sample = (slot: number, changes = {}) => ({
  slot,
  score: 4,
  cut: false,
  lossIn: 1,
  lossOut: 3,
  roundTripMs: 40,
  jitterMs: 5,
  concealed: null,
  frozenMs: 0,
  framesPerSecond: 25,
  width: 640,
  height: 480,
  kbpsIn: 1,
  kbpsOut: 1,
  ...changes,
});

it('asks for any call, or for those of a day here, a branch, an agent, from where the last page ended', () => {
  const branch = '6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01' as never;
  expect(addressOf({ day: '', branch: '', agent: '' }, null)).toBe('/api/quality/calls');
  const query = new URL(addressOf({ day: '2026-11-26', branch, agent: branch }, '9_a'), 'http://x').searchParams;
  expect(Object.fromEntries(query)).toEqual({
    from: String(new Date('2026-11-26T00:00:00').getTime()),
    until: String(new Date('2026-11-27T00:00:00').getTime()),
    branch,
    agent: branch,
    after: '9_a',
  });
});

it('calls scores what they are called in every place', () => {
  expect([4.4, 4, 3.9, 3.1, 3, 1].map(levelOf)).toEqual(['good', 'good', 'fair', 'fair', 'poor', 'poor']);
});

it('tells a side minute by minute from the begin of the call', () => {
  const startedAt = 12 * 5_000;
  const found = minutesOf(
    [
      sample(12),
      sample(13, { score: 2, frozenMs: 2_500, lossIn: 5 }),
      sample(24, { score: null, cut: true, lossIn: null, lossOut: null }),
    ],
    startedAt,
  );
  expect(found).toEqual([
    { minute: 1, score: 3, lossPercent: 4, roundTripMs: 40, frozenSeconds: 3, cutSeconds: 0 },
    { minute: 2, score: null, lossPercent: null, roundTripMs: 40, frozenSeconds: 0, cutSeconds: 5 },
  ]);
  expect(minutesOf([], 0)).toEqual([]);
});

it('knows when the customer was on hold, also when nobody ended it', () => {
  const event = (is: CallEvent['is'], at: number): CallEvent => ({ is, at, who: '', mode: null, why: null });
  const within = { from: 0, until: 100_000 };
  expect([...heldSlots([event('held', 7_000), event('resumed', 17_000)], within)]).toEqual([1, 2, 3]);
  expect([...heldSlots([event('held', 90_000)], within)]).toEqual([18, 19, 20]);
  expect([...heldSlots([event('joined', 90_000)], within)]).toEqual([]);
});

it('draws scores over the whole scale', () => {
  expect(pointsOf([5, 3, 1], { width: 100, height: 40 })).toBe('0,0 50,20 100,40');
  expect(pointsOf([4], { width: 100, height: 40 })).toBe('0,10');
});
