import { expect, test } from 'vitest';
import { createTold, waitRange } from './wait-range.ts';

const MINUTE = 60_000;
const usual = { meanMs: 8 * MINUTE, spread: 0.5 };

test('nobody on duty is said as such, not as a long wait', () => {
  expect(waitRange({ ahead: 0, onDuty: 0, free: 0 }, usual)).toBeNull();
});

test('a free agent for everybody ahead and for me: at once', () => {
  expect(waitRange({ ahead: 1, onDuty: 3, free: 2 }, usual)).toEqual({ fromMs: 0, toMs: MINUTE });
});

test('the range grows with the tickets ahead and shrinks with the agents, and is never empty', () => {
  const one = waitRange({ ahead: 0, onDuty: 1, free: 0 }, usual);
  const four = waitRange({ ahead: 3, onDuty: 1, free: 0 }, usual);
  const shared = waitRange({ ahead: 3, onDuty: 40, free: 0 }, usual);
  expect(one).toEqual({ fromMs: 2 * MINUTE, toMs: 14 * MINUTE });
  expect(four).toEqual({ fromMs: 21 * MINUTE, toMs: 43 * MINUTE });
  expect(shared).toEqual({ fromMs: 0, toMs: 2 * MINUTE });
});

test('of a hundred turns the share of the mean is smaller: the sum is surer than each', () => {
  const range = waitRange({ ahead: 99, onDuty: 1, free: 0 }, usual);
  expect(range).toEqual({ fromMs: 748 * MINUTE, toMs: 852 * MINUTE });
});

test('what was told stays for 15 s, but that nobody is there any more is told at once', () => {
  const told = createTold();
  const [first, second] = [
    { fromMs: 0, toMs: MINUTE },
    { fromMs: MINUTE, toMs: 2 * MINUTE },
  ];
  expect(told('a', first, 1_000)).toBe(first);
  expect(told('a', second, 15_999)).toBe(first);
  expect(told('b', second, 15_999)).toBe(second);
  expect(told('a', second, 16_000)).toBe(second);
  expect(told('a', null, 16_001)).toBeNull();
  expect(told('a', first, 16_002)).toBe(first);
  // A clock that is put back does not keep old words alive.
  expect(told('a', second, 3_000)).toBe(second);
});
