import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaOf, Corners, cornersOf, cornersText, inverseOf, projected, projectionOf } from './corners.ts';

const near = (x: number, y: number) =>
  fc.record({
    x: fc.double({ min: x - 0.15, max: x + 0.15, noNaN: true }),
    y: fc.double({ min: y - 0.15, max: y + 0.15, noNaN: true }),
  });
const anyCorners = fc
  .tuple(near(0.2, 0.2), near(0.8, 0.2), near(0.8, 0.8), near(0.2, 0.8))
  .filter((corners) => Corners.safeParse(corners).success);
const SQUARE = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

test('a projection takes the unit square onto the corners, and its inverse takes every point back', () => {
  fc.assert(
    fc.property(
      anyCorners,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (raw, x, y) => {
        const corners = Corners.parse(raw);
        const there = projectionOf(corners);
        for (const [i, corner] of SQUARE.entries()) {
          expect(projected(there, corner).x).toBeCloseTo(corners[i]?.x ?? -1);
          expect(projected(there, corner).y).toBeCloseTo(corners[i]?.y ?? -1);
        }
        const back = projected(inverseOf(there), projected(there, { x, y }));
        expect(back.x).toBeCloseTo(x);
        expect(back.y).toBeCloseTo(y);
      },
    ),
  );
});

test('corners go into an address and out of it', () => {
  fc.assert(
    fc.property(anyCorners, (raw) => {
      const corners = Corners.parse(raw);
      for (const [i, { x, y }] of (cornersOf(cornersText(corners)) ?? []).entries()) {
        expect(x).toBeCloseTo(corners[i]?.x ?? -1, 4);
        expect(y).toBeCloseTo(corners[i]?.y ?? -1, 4);
      }
    }),
  );
  for (const text of ['', '1', '0,0,1,0,1,1,0', 'a,b,c,d,e,f,g,h', '0,0,1,0,1,1,0,1,1', 'NaN,0,1,0,1,1,0,1'])
    expect(cornersOf(text)).toBeNull();
});

test('what is no page is refused: crossed, the wrong way round, a line, a speck, far outside', () => {
  expect(areaOf(SQUARE)).toBe(1);
  expect(cornersOf('0,0,1,0,1,1,0,1')).not.toBeNull();
  for (const text of [
    '0,0,1,1,1,0,0,1',
    '0,0,0,1,1,1,1,0',
    '0,0,0.5,0.5,1,1,0,1',
    '0.5,0.5,0.51,0.5,0.51,0.51,0.5,0.51',
    '0,0,2,0,2,2,0,2',
  ])
    expect(cornersOf(text)).toBeNull();
});
