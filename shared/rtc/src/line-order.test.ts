import { expect, test } from 'vitest';
import { arrive } from './line-order.ts';
import type { LineOrder } from './line-order.ts';

const fresh: LineOrder = { next: null };
const notice = (seq: number) => ({ snapshot: false, seq });
const snapshot = (seq: number) => ({ snapshot: true, seq });

test('the first snapshot sets the count and the next number fits', () => {
  const first = arrive(fresh, snapshot(7));
  expect(first).toEqual({ order: { next: 8 }, deliver: true, gap: false });
  expect(arrive(first.order, notice(8))).toEqual({ order: { next: 9 }, deliver: true, gap: false });
});

test('before the first snapshot everything is delivered and counts for nothing', () => {
  expect(arrive(fresh, notice(3))).toEqual({ order: fresh, deliver: true, gap: false });
});

test('a missing number is a gap; what came is delivered and the count goes on from it', () => {
  const after = arrive({ next: 4 }, notice(6));
  expect(after).toEqual({ order: { next: 7 }, deliver: true, gap: true });
  expect(arrive(after.order, notice(7)).gap).toBe(false);
});

test('an older number is dropped', () => {
  expect(arrive({ next: 4 }, notice(3))).toEqual({ order: { next: 4 }, deliver: false, gap: false });
});

test('a later snapshot sets the count anew, lower or higher', () => {
  expect(arrive({ next: 40 }, snapshot(1)).order).toEqual({ next: 2 });
  expect(arrive({ next: 4 }, snapshot(9))).toEqual({ order: { next: 10 }, deliver: true, gap: false });
});
