import { expect, test } from 'vitest';
import { afterAnswer, LINK_LIVES_MS, OPENED_MS, standing, triesLeft, type Link } from './link-state.ts';

const open = (tries = 0): Link => ({ at: 'open', tries, expiresAt: LINK_LIVES_MS });

test('the right answer opens a link, once', () => {
  const opened = afterAnswer(open(), { right: true, now: 5 });
  expect(opened).toEqual({ at: 'opened', until: 5 + OPENED_MS });
  expect(afterAnswer(opened!, { right: true, now: 6 })).toBeNull();
});

test('three wrong answers lock it, and a right one comes too late then', () => {
  const one = afterAnswer(open(), { right: false, now: 1 })!;
  expect(triesLeft(one)).toBe(2);
  const two = afterAnswer(one, { right: false, now: 2 })!;
  const three = afterAnswer(two, { right: false, now: 3 })!;
  expect(three).toEqual({ at: 'locked' });
  expect(afterAnswer(three, { right: true, now: 4 })).toBeNull();
  expect(afterAnswer(two, { right: true, now: 3 })?.at).toBe('opened');
});

test('a day later it is out of time, whatever is answered', () => {
  expect(standing(open(), LINK_LIVES_MS - 1)).toBe('open');
  expect(standing(open(), LINK_LIVES_MS)).toBe('expired');
  expect(afterAnswer(open(), { right: true, now: LINK_LIVES_MS })).toBeNull();
  expect(afterAnswer({ at: 'replaced' }, { right: true, now: 1 })).toBeNull();
});
