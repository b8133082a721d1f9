import { MaskedArea } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { areaOf } from './masking.ts';

it('covers what lies between two corners, from whichever it was drawn', () => {
  const area = { x: 1000, y: 2000, width: 3000, height: 500 };
  expect(areaOf({ shape: 'box', from: [1000, 2000], to: [4000, 2500] })).toEqual(area);
  expect(areaOf({ shape: 'box', from: [4000, 2500], to: [1000, 2000] })).toEqual(area);
  expect(MaskedArea.safeParse(areaOf({ shape: 'box', from: [0, 0], to: [10_000, 10_000] })).success).toBe(true);
  expect(areaOf({ shape: 'box', from: [5, 5], to: [5, 900] })).toBeNull();
});
