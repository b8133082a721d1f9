import { expect, it } from 'vitest';
import { countdownOf } from './countdown.ts';

const offer = { madeAt: 1_000, deadline: 21_000 };

it('shrinks from the whole to nothing', () => {
  expect(countdownOf(offer, 1_000)).toEqual({ leftMs: 20_000, seconds: 20, fraction: 1, over: false });
  expect(countdownOf(offer, 11_000)).toEqual({ leftMs: 10_000, seconds: 10, fraction: 0.5, over: false });
  expect(countdownOf(offer, 20_001)).toEqual({ leftMs: 999, seconds: 1, fraction: 0.04995, over: false });
  expect(countdownOf(offer, 21_000)).toEqual({ leftMs: 0, seconds: 0, fraction: 0, over: true });
});

it('never leaves its range, whatever the clocks say', () => {
  expect(countdownOf(offer, 0).fraction).toBe(1);
  expect(countdownOf(offer, 99_000).leftMs).toBe(0);
  expect(countdownOf({ madeAt: 5, deadline: 5 }, 5)).toEqual({ leftMs: 0, seconds: 0, fraction: 0, over: true });
});
