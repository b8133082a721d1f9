import { expect, test } from 'vitest';
import { createFollow, OWN_MS, placeAt, shareSeen, topOf } from './follow.ts';

test('what follows the other is not told as own, and own scrolling is left alone until it rests', () => {
  const follow = createFollow();
  expect(follow.scrolled(0)).toBe(false);
  expect(follow.waitFor(0)).toBe(0);
  follow.touched(1_000);
  expect(follow.scrolled(1_100)).toBe(true);
  expect(follow.waitFor(1_100)).toBe(OWN_MS - 100);
  // It rolls on after the finger let go.
  for (let now = 1_200; now < 4_000; now += 100) expect(follow.scrolled(now)).toBe(true);
  expect(follow.waitFor(3_900)).toBeGreaterThan(0);
  expect(follow.waitFor(4_500)).toBe(0);
  expect(follow.scrolled(4_500)).toBe(false);
  follow.touched(5_000);
  follow.rest();
  expect([follow.scrolled(5_010), follow.waitFor(5_010)]).toEqual([false, 0]);
});

test('a place is the same clause on screens of different widths', () => {
  const narrow = [
    { top: 0, height: 100 },
    { top: 120, height: 200 },
    { top: 340, height: 400 },
  ];
  const wide = narrow.map(({ top, height }) => ({ top: top / 2, height: height / 2 }));
  const place = placeAt(narrow, 220);
  expect(place).toEqual({ block: 1, share: 50 });
  expect(topOf(wide, place)).toBe(110);
  expect(placeAt(narrow, 0)).toEqual({ block: 0, share: 0 });
  // Between two blocks.
  expect(placeAt(narrow, 330)).toEqual({ block: 1, share: 100 });
  expect(placeAt(narrow, 9_999)).toEqual({ block: 2, share: 100 });
  expect(placeAt([], 10)).toEqual({ block: 0, share: 0 });
  expect(topOf([], place)).toBe(0);
});

test('seen is what has been above the lower edge', () => {
  expect(shareSeen({ scrollTop: 0, clientHeight: 500, scrollHeight: 1_000 })).toBe(50);
  expect(shareSeen({ scrollTop: 499, clientHeight: 500, scrollHeight: 1_000 })).toBe(100);
  expect(shareSeen({ scrollTop: 0, clientHeight: 500, scrollHeight: 400 })).toBe(100);
});
