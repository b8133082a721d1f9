import { expect, test } from 'vitest';
import { layerFor } from './layers.ts';

test('a tile gets the lowest layer that fills it', () => {
  const of720 = (lines: number) => layerFor(lines, 3);
  expect([0, 90, 180, 220, 270, 360, 450, 540, 720, 2_160].map(of720)).toEqual([0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
  const of480 = (lines: number) => layerFor(lines, 2);
  expect([0, 240, 300, 360, 480].map(of480)).toEqual([0, 0, 0, 1, 1]);
  expect(layerFor(90, 1)).toBe(0);
});
