import { expect, test } from 'vitest';
import { shareSeen, worthTelling } from './reading.ts';

test('a text that fits is seen at once, a long one when its last line was on the screen', () => {
  expect(shareSeen({ scrollTop: 0, clientHeight: 500, scrollHeight: 500 })).toBe(100);
  expect(shareSeen({ scrollTop: 0, clientHeight: 500, scrollHeight: 2_000 })).toBe(25);
  expect(shareSeen({ scrollTop: 1_490, clientHeight: 500, scrollHeight: 2_000 })).toBe(99);
  expect(shareSeen({ scrollTop: 1_498.6, clientHeight: 500, scrollHeight: 2_000 })).toBe(100);
});

test('the server is told of the first look, of every tenth and of the end, and of nothing twice', () => {
  expect(worthTelling(12, null)).toBe(true);
  expect(worthTelling(19, 12)).toBe(false);
  expect(worthTelling(21, 12)).toBe(true);
  expect(worthTelling(100, 99)).toBe(true);
  expect(worthTelling(100, 100)).toBe(false);
  expect(worthTelling(5, 60)).toBe(false);
});
