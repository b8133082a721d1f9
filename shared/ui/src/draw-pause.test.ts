import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDrawPause } from './draw-pause.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('draws at once, and what comes in a pause when it ends, in order', () => {
  const pause = createDrawPause();
  const drawn: number[] = [];
  pause.draw(() => drawn.push(1));
  expect(drawn).toEqual([1]);
  pause.begin();
  pause.draw(() => drawn.push(2));
  pause.draw(() => drawn.push(3));
  vi.advanceTimersByTime(299);
  expect(drawn).toEqual([1]);
  vi.advanceTimersByTime(1);
  expect(drawn).toEqual([1, 2, 3]);
  pause.draw(() => drawn.push(4));
  expect(drawn).toEqual([1, 2, 3, 4]);
});

test('an end that is called for draws at once, once, and leaves no timer', () => {
  const pause = createDrawPause();
  const drawn: number[] = [];
  pause.begin();
  pause.draw(() => drawn.push(1));
  pause.end();
  pause.end();
  expect(drawn).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});
