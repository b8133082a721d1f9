import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeLine } from './fakes.ts';
import { createFitting } from './fitting.ts';

const track = (id: string) => ({ id }) as MediaStreamTrack;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function someFitting() {
  const line = createFakeLine();
  const asked: unknown[] = [];
  line.answer('media:fit', (data) => {
    asked.push(data);
    return {};
  });
  const fitting = createFitting({ line, consumerOf: ({ id }) => (id === 'own' ? null : `consumer of ${id}`) });
  return { fitting, asked, wait: () => vi.advanceTimersByTimeAsync(400) };
}

test('the largest tile of a picture counts, in steps, and is told once', async () => {
  const { fitting, asked, wait } = someFitting();
  const [far, small, large] = [track('far'), {}, {}];
  fitting.fit({ track: far, tile: small, lines: 170 });
  fitting.fit({ track: far, tile: large, lines: 610 });
  fitting.fit({ track: track('own'), tile: {}, lines: 200 });
  await wait();
  expect(asked).toEqual([{ consumerId: 'consumer of far', lines: 630 }]);
  fitting.fit({ track: far, tile: large, lines: 600 });
  await wait();
  expect(asked).toHaveLength(1);
  fitting.fit({ track: far, tile: large, lines: null });
  await wait();
  expect(asked.at(-1)).toEqual({ consumerId: 'consumer of far', lines: 180 });
});

test('a tile that is hidden has no lines, and nothing is told after closing', async () => {
  const { fitting, asked, wait } = someFitting();
  fitting.fit({ track: track('far'), tile: {}, lines: 0 });
  await wait();
  expect(asked).toEqual([{ consumerId: 'consumer of far', lines: 0 }]);
  fitting.fit({ track: track('far'), tile: {}, lines: 500 });
  fitting.close();
  await wait();
  expect(asked).toHaveLength(1);
});
