import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLatest } from './latest.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('of what changes fast the first and the last are sent, one at a time, also after one that failed', async () => {
  const sent: number[] = [];
  const latest = createLatest(async (value: number) => {
    sent.push(value);
    if (value === 0) throw new Error('no line');
  });
  for (let i = 0; i < 10; i += 1) latest.put(i);
  expect(sent).toEqual([0]);
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([0, 9]);
  latest.put(10);
  latest.put(11);
  latest.drop();
  await vi.advanceTimersByTimeAsync(200);
  expect(sent).toEqual([0, 9]);
  latest.put(12);
  latest.put(13);
  latest.close();
  latest.close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([0, 9, 12]);
  expect(vi.getTimerCount()).toBe(0);
});
