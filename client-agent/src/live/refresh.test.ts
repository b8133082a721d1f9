import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRefresh } from './refresh.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function running(wish: { takesMs?: number } = {}) {
  const begun: number[] = [];
  const start = Date.now();
  const page = { hidden: false };
  const refresh = createRefresh({
    read: async () => {
      begun.push(Date.now() - start);
      await new Promise((resolve) => setTimeout(resolve, wish.takesMs ?? 0));
    },
    isHidden: () => page.hidden,
    leastMs: 2_000,
    mostMs: 5_000,
  });
  return { begun, page, refresh };
}

it('reads at once, and then by the clock', async () => {
  const { begun, refresh } = running();
  await vi.advanceTimersByTimeAsync(10_500);
  expect(begun).toEqual([0, 5_000, 10_000]);
  refresh.stop();
  expect(vi.getTimerCount()).toBe(0);
});

it('reads soon after a change, however many there are, but not more often than allowed', async () => {
  const { begun, refresh } = running();
  await vi.advanceTimersByTimeAsync(3_000);
  refresh.soon();
  await vi.advanceTimersByTimeAsync(500);
  refresh.soon();
  refresh.soon();
  await vi.advanceTimersByTimeAsync(6_600);
  expect(begun).toEqual([0, 3_000, 5_000, 10_000]);
  refresh.stop();
});

it('waits for a slow answer before it asks again', async () => {
  const { begun, refresh } = running({ takesMs: 7_000 });
  await vi.advanceTimersByTimeAsync(1_000);
  refresh.soon();
  await vi.advanceTimersByTimeAsync(6_500);
  // No timer is shorter than a millisecond.
  expect(begun).toEqual([0, 7_001]);
  refresh.stop();
});

it('rests while nobody looks, and reads as soon as somebody does', async () => {
  const { begun, page, refresh } = running();
  await vi.advanceTimersByTimeAsync(1_000);
  page.hidden = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toEqual([0]);
  page.hidden = false;
  refresh.soon();
  await vi.advanceTimersByTimeAsync(100);
  expect(begun).toEqual([0, 61_000]);
  refresh.stop();
});
