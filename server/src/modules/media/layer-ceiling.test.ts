import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Layers, lookAtLayers, startLayers } from './layer-ceiling.ts';

const LOOK = 150;

/** Looks for so long at a camera of three layers, of which only those below `comes` send; somebody gets `used` at the most. */
function watch(from: Layers, { comes, used = 2, ms }: { comes: number; used?: number; ms: number }): Layers {
  let layers = from;
  for (let at = 0; at < ms; at += LOOK) {
    const packets = layers.packets.map((count, layer) => count + (layer < comes ? 3 : 0));
    layers = lookAtLayers(layers, { packets, used: Math.min(used, layers.ceiling ?? used) }, LOOK);
  }
  return layers;
}

test('a layer that stops while a lower one goes on is left within half a second, and whoever got it gets what comes', () => {
  const all = watch(startLayers(3), { comes: 3, ms: 5_000 });
  expect(all.ceiling).toBe(null);
  expect(watch(all, { comes: 2, ms: 300 }).ceiling).toBe(null);
  const two = watch(all, { comes: 2, ms: 500 });
  expect(two.ceiling).toBe(1);
  expect(watch(two, { comes: 1, ms: 500 }).ceiling).toBe(0);
  expect(watch(all, { comes: 1, ms: 500 }).ceiling).toBe(0);
});

test('a camera that rests altogether, and a layer that nobody gets, change nothing', () => {
  const all = watch(startLayers(3), { comes: 3, ms: 5_000 });
  expect(watch(all, { comes: 0, ms: 60_000 }).ceiling).toBe(null);
  expect(watch(all, { comes: 2, used: 1, ms: 60_000 }).ceiling).toBe(null);
  expect(watch(all, { comes: 2, used: -1, ms: 60_000 }).ceiling).toBe(null);
});

test('a layer is given again when it has come for 8 s, one after the other; one that goes again waits twice as long', () => {
  const one = watch(watch(startLayers(3), { comes: 3, ms: 1_000 }), { comes: 1, ms: 1_000 });
  expect(watch(one, { comes: 3, ms: 7_500 }).ceiling).toBe(0);
  const back = watch(one, { comes: 3, ms: 9_000 });
  expect(back.ceiling).toBe(null);
  const again = watch(back, { comes: 2, ms: 1_000 });
  expect(watch(again, { comes: 3, ms: 15_000 }).ceiling).toBe(1);
  expect(watch(again, { comes: 3, ms: 16_500 }).ceiling).toBe(null);
  // After a calm minute it is the first time once more.
  const calm = watch(watch(again, { comes: 3, ms: 80_000 }), { comes: 2, ms: 1_000 });
  expect(watch(calm, { comes: 3, ms: 8_500 }).ceiling).toBe(null);
});

test('however layers come and go, nobody is sent to a layer that rests while a lower one comes', () => {
  const steps = fc.array(fc.record({ comes: fc.integer({ min: 1, max: 3 }), ms: fc.integer({ min: 1, max: 30_000 }) }));
  fc.assert(
    fc.property(steps, (all) => {
      let layers = startLayers(3);
      for (const { comes, ms } of all) {
        layers = watch(layers, { comes, ms: ms + 600 });
        expect(layers.ceiling ?? 2).toBeLessThan(comes);
        expect(layers.waitMs).toBeLessThanOrEqual(64_000);
      }
    }),
    { numRuns: 50 },
  );
});
