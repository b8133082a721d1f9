import { expect, test } from 'vitest';
import { Corners, projected, projectionOf } from '@openvtm/protocol';
import { straighten } from './straighten.ts';

/** Red grows to the right and green downwards, over the page between the corners; around it is blue. */
function photograph(corners: Corners, width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  const there = projectionOf(corners);
  for (let i = 0; i < width * height; i += 1) data[i * 3 + 2] = 255;
  const STEPS = 1200;
  for (let row = 0; row <= STEPS; row += 1) {
    for (let column = 0; column <= STEPS; column += 1) {
      const { x, y } = projected(there, { x: column / STEPS, y: row / STEPS });
      const at =
        (Math.min(height - 1, Math.floor(y * height)) * width + Math.min(width - 1, Math.floor(x * width))) * 3;
      data.set([(255 * column) / STEPS, (255 * row) / STEPS, 0], at);
    }
  }
  return { data, width, height };
}

test('a page taken askew comes out as it is seen from above', () => {
  const corners = Corners.parse([
    { x: 0.2, y: 0.15 },
    { x: 0.85, y: 0.25 },
    { x: 0.75, y: 0.9 },
    { x: 0.1, y: 0.7 },
  ]);
  const { data, width, height } = straighten(photograph(corners, 600, 400), corners);
  expect(width).toBeGreaterThan(360);
  expect(height).toBeGreaterThan(200);
  expect(data).toHaveLength(width * height * 3);
  for (const [u, v] of [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.5, 0.5],
    [0.1, 0.9],
    [0.9, 0.9],
  ] as const) {
    const at = (Math.floor(v * height) * width + Math.floor(u * width)) * 3;
    expect(Math.abs((data[at] ?? 0) - 255 * u)).toBeLessThan(8);
    expect(Math.abs((data[at + 1] ?? 0) - 255 * v)).toBeLessThan(8);
    expect(data[at + 2]).toBeLessThan(8);
  }
});

test('corners at, and a little over, the edges of the picture leave it as it is', () => {
  const whole = Corners.parse([
    { x: -0.01, y: -0.01 },
    { x: 1.01, y: -0.01 },
    { x: 1.01, y: 1.01 },
    { x: -0.01, y: 1.01 },
  ]);
  const { data } = straighten({ data: new Uint8Array(30 * 20 * 3).fill(77), width: 30, height: 20 }, whole);
  expect(new Set(data)).toEqual(new Set([77]));
});
