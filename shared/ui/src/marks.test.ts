import { Mark, MAX_SPOTS, type Spot } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { longer, markOf, pathOf, spotAt } from './marks.ts';

const page = { width: 1000, height: 500 };

it('puts a place on the page, and one beside it at the edge', () => {
  expect(spotAt({ x: 250, y: 250 }, page)).toEqual([2500, 5000]);
  expect(spotAt({ x: -3, y: 900 }, page)).toEqual([0, 10_000]);
});

it('never makes a line that the protocol does not take, however long it is drawn', () => {
  let spots: Spot[] = [];
  for (let i = 0; i < 5_000; i += 1) {
    spots = longer(spots, [(i * 37) % 10_000, (i * 91) % 10_000]);
    expect(spots.length).toBeLessThanOrEqual(MAX_SPOTS);
  }
  expect(Mark.safeParse(markOf('line', spots)).success).toBe(true);
});

it('leaves out what is too near to be seen, and a touch that is no stroke', () => {
  expect(longer([[100, 100]], [110, 110])).toEqual([[100, 100]]);
  expect(markOf('line', [[1, 1]])).toBeNull();
  expect(
    markOf('arrow', [
      [1, 1],
      [900, 1],
      [5, 5],
    ]),
  ).toBeNull();
  expect(
    markOf('box', [
      [1, 1],
      [900, 700],
    ]),
  ).toEqual({ shape: 'box', from: [1, 1], to: [900, 700] });
});

it('draws in pixels of the page', () => {
  expect(
    pathOf(
      {
        shape: 'line',
        spots: [
          [0, 0],
          [10_000, 10_000],
        ],
      },
      page,
      1,
    ),
  ).toBe('M0.0 0.0L1000.0 500.0');
  expect(pathOf({ shape: 'box', from: [0, 0], to: [5000, 5000] }, page, 1)).toBe('M0 0H500V250H0Z');
  expect(pathOf({ shape: 'arrow', from: [0, 0], to: [5000, 0] }, page, 2)).toContain('L500 0');
});
