import { expect, test } from 'vitest';
import { Signature, signatureFault } from './signing.ts';

const pad = { width: 900, height: 300 };
type Point = [number, number, number, number];
const line = (from: [number, number], to: [number, number], points = 20): Point[] =>
  Array.from({ length: points }, (_, i) => {
    const at = (axis: 0 | 1) => Math.round(10 * (from[axis] + ((to[axis] - from[axis]) * i) / (points - 1)));
    return [at(0), at(1), i * 16, 500];
  });
const dot = (x: number, y: number): Point[] => [[x * 10, y * 10, 0, 500]];

test('two dots, one touch, a tiny scrawl and a short slip are no signature', () => {
  expect(signatureFault({ pad, strokes: [dot(100, 100), dot(700, 200)] })).toBe('too-small');
  expect(signatureFault({ pad, strokes: [dot(100, 100)] })).toBe('too-small');
  const scrawl = Array.from({ length: 40 }, (_, i) => line([100, 100], [i % 2 ? 120 : 100, 110], 5));
  expect(signatureFault({ pad, strokes: scrawl })).toBe('too-small');
  expect(signatureFault({ pad, strokes: [line([100, 100], [160, 100])] })).toBe('too-small');
});

test('a name of few strokes is one: 丁一, or a line across', () => {
  expect(
    signatureFault({
      pad,
      strokes: [line([100, 80], [220, 80]), line([160, 80], [150, 200]), line([260, 140], [380, 140])],
    }),
  ).toBeNull();
  expect(signatureFault({ pad, strokes: [line([100, 100], [400, 140])] })).toBeNull();
});

test('more points than one message holds are refused', () => {
  const stroke = line([0, 0], [800, 200], 1_300);
  expect(Signature.safeParse({ pad, strokes: [stroke] }).success).toBe(true);
  expect(Signature.safeParse({ pad, strokes: [stroke, stroke] }).success).toBe(false);
  expect(Signature.safeParse({ pad, strokes: [] }).success).toBe(false);
});
