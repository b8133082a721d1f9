import { describe, expect, test } from 'vitest';
import { Corners, type Point } from '@openvtm/protocol';
import { findPage } from './find-page.ts';
import { shrink } from './grey.ts';
import { observe } from './observe.ts';
import { ASKEW, greyScene, type Scene } from '../../../../../tests/document-scene.ts';

const look = async (scene: Scene) => findPage(shrink(await greyScene(scene), 400));
/** The farthest that a corner is from where it should be, as a share of the picture. */
const farthest = (found: Point[] | null, truth: Corners) =>
  found ? Math.max(...truth.map(({ x, y }, i) => Math.hypot(x - (found[i]?.x ?? 9), y - (found[i]?.y ?? 9)))) : 9;

const STRAIGHT: Corners = [
  { x: 0.3, y: 0.1 },
  { x: 0.7, y: 0.1 },
  { x: 0.7, y: 0.9 },
  { x: 0.3, y: 0.9 },
];
const TURNED: Corners = [
  { x: 0.45, y: 0.12 },
  { x: 0.85, y: 0.4 },
  { x: 0.6, y: 0.9 },
  { x: 0.18, y: 0.6 },
];

describe('the corners of a page', () => {
  test.for<[string, Scene, Corners]>([
    ['on a dark table', {}, ASKEW],
    ['upright on a dark table', { corners: STRAIGHT }, STRAIGHT],
    ['turned by a good deal', { corners: TURNED }, TURNED],
    ['dark on a light table', { table: '#e4e0d8', paper: '#5f7482' }, ASKEW],
    ['light on a table that is not much darker', { table: '#a09a90' }, ASKEW],
    ['on a table with a grain', { grain: 26 }, ASKEW],
    ['in weak light', { light: 0.3 }, ASKEW],
    ['a little out of focus', { blur: 4 }, ASKEW],
    ['with a reflex', { reflex: true }, ASKEW],
    ['in a wide picture', { width: 1920, height: 1080 }, ASKEW],
    ['in a picture that stands', { width: 960, height: 1280, corners: STRAIGHT }, STRAIGHT],
    ['in a large picture', { width: 4096, height: 3072 }, ASKEW],
  ])('are found %s', async ([, scene, truth]) => {
    const found = await look(scene);
    expect(farthest(found, truth)).toBeLessThan(0.012);
    expect(Corners.safeParse(found).success).toBe(true);
  });

  test.for<[string, Scene]>([
    ['an empty table', { empty: true }],
    ['an empty table with a grain', { empty: true, grain: 30 }],
    [
      'a page far away',
      {
        corners: [
          { x: 0.45, y: 0.45 },
          { x: 0.55, y: 0.45 },
          { x: 0.55, y: 0.55 },
          { x: 0.45, y: 0.55 },
        ],
      },
    ],
  ])('are not found on %s', async ([, scene]) => {
    expect(await look(scene)).toBeNull();
  });

  test.for<[string, Corners]>([
    [
      'above',
      [
        { x: 0.3, y: -0.05 },
        { x: 0.8, y: -0.05 },
        { x: 0.8, y: 0.7 },
        { x: 0.3, y: 0.7 },
      ],
    ],
    [
      'at the right',
      [
        { x: 0.5, y: 0.2 },
        { x: 1.04, y: 0.24 },
        { x: 1.04, y: 0.8 },
        { x: 0.48, y: 0.75 },
      ],
    ],
    [
      'at a corner',
      [
        { x: 0.5, y: 0.4 },
        { x: 1.04, y: 0.4 },
        { x: 1.04, y: 1.04 },
        { x: 0.5, y: 1.04 },
      ],
    ],
  ])('of a page that reaches out of the picture %s are not all in it', async ([, corners]) => {
    expect(observe(await greyScene({ corners }))).toMatchObject({ cutOff: true });
  });

  test('take a few milliseconds', async () => {
    const small = shrink(await greyScene({ grain: 20 }), 400);
    for (let i = 0; i < 5; i += 1) findPage(small);
    const began = performance.now();
    for (let i = 0; i < 10; i += 1) findPage(small);
    expect((performance.now() - began) / 10).toBeLessThan(60);
  });
});
