import { expect, test } from 'vitest';
import { adviceOf, lookAgain, noGuidance, type Advice, type Guidance } from './advice.ts';
import { observe, type Observation } from './observe.ts';
import { ASKEW, greyScene, type Scene } from '../../../../../tests/document-scene.ts';

test.for<[Advice, Scene]>([
  ['good', {}],
  ['good', { width: 2592, height: 1944 }],
  ['good', { table: '#e8e4dc', paper: '#5f7482' }],
  ['good', { light: 0.75 }],
  ['good', { blur: 0.8 }],
  ['no-page', { empty: true, table: '#8a8078' }],
  ['too-dark', { light: 0.2 }],
  ['too-dark', { empty: true, light: 0.5 }],
  ['glare', { reflex: true }],
  ['blurred', { blur: 5 }],
  ['blurred', { blur: 9, width: 2592, height: 1944 }],
  [
    'cut-off',
    {
      corners: [
        { x: 0.3, y: -0.05 },
        { x: 0.8, y: -0.05 },
        { x: 0.8, y: 0.7 },
        { x: 0.3, y: 0.7 },
      ],
    },
  ],
  [
    'too-far',
    {
      corners: [
        { x: 0.4, y: 0.4 },
        { x: 0.68, y: 0.4 },
        { x: 0.68, y: 0.68 },
        { x: 0.4, y: 0.68 },
      ],
    },
  ],
])('a customer is told: %s', async ([advice, scene]) => {
  const seen = observe(await greyScene(scene));
  expect([adviceOf(seen, seen.corners), seen]).toEqual([advice, seen]);
});

const SEEN: Observation = { corners: ASKEW, cutOff: false, light: 200, glare: 0, sharpness: 0.6 };
const run = (looks: [number, Partial<Observation>][]): Guidance[] => {
  let last = noGuidance(0);
  return looks.map(([at, seen]) => (last = lookAgain(last, { ...SEEN, ...seen }, at)));
};

test('a good page that lies still for a moment is taken by itself, and not before', () => {
  const looks = run([0, 100, 500, 900, 1_100].map((at) => [at, {}]));
  // The first look has nothing to compare with.
  expect(looks.map(({ take }) => take)).toEqual([false, false, false, false, true]);
  expect(looks.map(({ said }) => said)).toEqual(['no-page', 'no-page', 'good', 'good', 'good']);
});

test('a page that moves, or is good only now and then, is not taken', () => {
  const moved = ASKEW.map(({ x, y }) => ({ x: x + 0.03, y }));
  const moving = Array.from({ length: 30 }, (_, i): [number, Partial<Observation>] => [
    i * 100,
    { corners: i % 2 ? moved : ASKEW },
  ]);
  expect(run(moving).some(({ take }) => take)).toBe(false);
  const blinking = Array.from({ length: 30 }, (_, i): [number, Partial<Observation>] => [
    i * 100,
    { glare: i % 5 ? 0 : 0.1 },
  ]);
  expect(run(blinking).some(({ take }) => take)).toBe(false);
});

test('words do not flicker', () => {
  const flicker = Array.from({ length: 20 }, (_, i): [number, Partial<Observation>] => [
    1_000 + i * 100,
    i % 2 ? { light: 10 } : { sharpness: 0.1 },
  ]);
  const looks = run([[0, { light: 10 }], [400, { light: 10 }], ...flicker]);
  expect(new Set(looks.slice(1).map(({ said }) => said))).toEqual(new Set(['too-dark']));
});
