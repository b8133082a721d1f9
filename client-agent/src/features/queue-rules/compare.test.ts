import type { ReplayFigures, ReplayLine } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { busyPart, compared, rowsOf } from './compare.ts';

const line = (change: Partial<ReplayLine> = {}): ReplayLine => ({
  came: 10,
  answered: 9,
  abandoned: 1,
  waiting: 0,
  meanWait: 60,
  p90Wait: 120,
  longestWait: 300,
  sl: 80,
  sl2: 75,
  abandonedShare: 10,
  reOffers: 0,
  ...change,
});
const figures = (change: Partial<ReplayFigures> = {}): ReplayFigures => ({
  all: line(),
  occupancy: 70,
  queues: [],
  curve: [],
  ...change,
});
const title = { 'zh-CN': '队列', en: 'queue' };

it('knows what is better', () => {
  expect(compared(60, 45, 'less').verdict).toBe('better');
  expect(compared(60, 75, 'less').verdict).toBe('worse');
  expect(compared(80, 85, 'more').verdict).toBe('better');
  expect(compared(80, 80, 'more').verdict).toBe('same');
  expect(compared(null, 80, 'more').verdict).toBe('same');
  expect(compared(70, 80, null).verdict).toBe('same');
});

it('sets all queues and each with customers side by side, also one that is new', () => {
  const before = figures({
    queues: [
      { id: 'a', title, ...line() },
      { id: 'empty', title, ...line({ came: 0 }) },
    ],
  });
  const after = figures({ all: line({ meanWait: 40 }), queues: [{ id: 'new', title, ...line({ came: 3 }) }] });
  const rows = rowsOf({ before, after });
  expect(rows.map(({ id, came }) => [id, came.before, came.after])).toEqual([
    ['', 10, 10],
    ['a', 10, 0],
    ['new', 0, 3],
  ]);
  expect(rows[0]?.measures.meanWait).toEqual({ before: 60, after: 40, verdict: 'better' });
  expect(rows[2]?.measures.sl).toEqual({ before: null, after: 80, verdict: 'same' });
});

it('leaves out the night', () => {
  const curve = (came: number[]) => came.map((n, i) => ({ at: i, came: n, meanWait: 0, p90Wait: 0 }));
  const before = figures({ curve: curve([0, 0, 0, 4, 0, 0, 0]) });
  const after = figures({ curve: curve([0, 0, 0, 0, 4, 0, 0]) });
  expect(busyPart({ before, after })).toEqual({ from: 2, to: 6 });
  expect(busyPart({ before: figures(), after: figures() })).toEqual({ from: 0, to: 0 });
});
