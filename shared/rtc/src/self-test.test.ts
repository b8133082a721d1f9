import { expect, test } from 'vitest';
import { bandwidthOf, clockOf } from './self-test-network.ts';

test('a bandwidth is judged by what a call takes', () => {
  expect([12, 3, 2.9, 1, 0.9].map((mbit) => bandwidthOf(mbit).outcome)).toEqual([
    'good',
    'good',
    'poor',
    'poor',
    'failed',
  ]);
  expect(bandwidthOf(0.4)).toEqual({ outcome: 'failed', why: 'slow', value: 0.4 });
});

test('a clock is judged by how far it is off, ahead or behind', () => {
  expect([0, -4_999, 5_001, -61_000].map((ms) => clockOf(ms).outcome)).toEqual(['good', 'good', 'poor', 'failed']);
  expect(clockOf(-61_000)).toMatchObject({ why: 'far-off', value: -61_000 });
});
