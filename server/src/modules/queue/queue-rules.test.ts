import { expect, test } from 'vitest';
import { waitRange } from './queue-rules.ts';

test('nobody on duty is said as such, not as a long wait', () => {
  expect(waitRange({ ahead: 0, onDuty: 0, free: 0, minutes: 5 })).toBeNull();
});

test('a free agent for everybody ahead and for me: at once', () => {
  expect(waitRange({ ahead: 1, onDuty: 3, free: 2, minutes: 5 })).toEqual({ from: 0, to: 1 });
});

test('the range grows with the tickets ahead and shrinks with the agents, and is never empty', () => {
  const one = waitRange({ ahead: 0, onDuty: 1, free: 0, minutes: 8 });
  const four = waitRange({ ahead: 3, onDuty: 1, free: 0, minutes: 8 });
  const shared = waitRange({ ahead: 3, onDuty: 4, free: 0, minutes: 8 });
  expect(one).toEqual({ from: 4, to: 12 });
  expect(four).toEqual({ from: 16, to: 48 });
  expect(shared).toEqual({ from: 4, to: 12 });
  for (const range of [one, four, shared]) expect(range && range.to > range.from).toBe(true);
});
