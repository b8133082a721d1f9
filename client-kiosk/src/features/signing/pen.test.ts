import { Signature } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { signatureOf } from './pen.ts';

test('a drawing is told in tenths of a pixel, from the first touch on, with its pressure', () => {
  const drawn = [
    { points: [{ x: 10.04, y: 20.06, time: 1_700_000_000_500, pressure: 0.5 }] },
    { points: [] },
    { points: [{ x: -3, y: 4, time: 1_700_000_000_900.4, pressure: 1.2 }] },
  ];
  const told = signatureOf(drawn, { width: 900, height: 300 });
  expect(told.strokes).toEqual([[[100, 201, 0, 500]], [[-30, 40, 400, 1_000]]]);
  expect(Signature.safeParse(told).success).toBe(true);
});
