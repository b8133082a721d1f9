import { expect, test } from 'vitest';
import { opinionOf, pictureScore, scoreOf, soundScore, type Measured } from './score.ts';

const fine: Measured = {
  cut: false,
  lossIn: 0,
  lossOut: 0,
  roundTripMs: 40,
  jitterMs: 5,
  concealed: 0,
  frozenMs: 0,
  framesPerSecond: 25,
  height: 720,
};
const score = (changes: Partial<Measured> = {}) => scoreOf({ ...fine, ...changes }, 5_000);

test('ratings become opinions as in the table of ITU-T G.107, Annex B', () => {
  const table = [
    [90, 4.34],
    [80, 4.03],
    [70, 3.6],
    [60, 3.1],
    [50, 2.58],
  ] as const;
  for (const [rating, opinion] of table) expect(opinionOf(rating)).toBeCloseTo(opinion, 1);
  expect([opinionOf(-5), opinionOf(0), opinionOf(100), opinionOf(120)]).toEqual([1, 1, 4.5, 4.5]);
});

test('sound on a good link is near the best that the model gives, and each trouble takes from it', () => {
  const sound = { loss: 0, roundTripMs: 40, jitterMs: 5 };
  expect(soundScore(sound)).toBeGreaterThan(4.3);
  for (const [worse, far] of [
    [{ loss: 2 }, { loss: 20 }],
    [{ roundTripMs: 300 }, { roundTripMs: 900 }],
    [{ jitterMs: 60 }, { jitterMs: 200 }],
  ] as const) {
    const [some, much] = [soundScore({ ...sound, ...worse }), soundScore({ ...sound, ...far })];
    expect(some).toBeLessThan(soundScore(sound));
    expect(much).toBeLessThan(some);
    expect(much).toBeLessThan(3.2);
  }
  // G.114: up to 150 ms of one way nearly everybody is content.
  expect(soundScore({ loss: 0, roundTripMs: 150, jitterMs: 5 })).toBeGreaterThan(4);
});

test('a picture suffers from standing still most, then from few frames and little detail; eight frames are enough', () => {
  const picture = { frozenPercent: 0, frames: 25, height: 720 };
  expect(pictureScore(picture)).toBeCloseTo(4.4, 5);
  expect(pictureScore({ ...picture, frames: 8 })).toBeCloseTo(4.4, 5);
  expect(pictureScore({ ...picture, frozenPercent: 10 })).toBeLessThan(3.2);
  expect(pictureScore({ ...picture, frozenPercent: 40 })).toBeLessThan(1.5);
  expect(pictureScore({ ...picture, frames: 2 })).toBeLessThan(2);
  expect(pictureScore({ ...picture, height: 180 })).toBeLessThan(4);
  expect(pictureScore({ ...picture, frames: 0 })).toBe(1);
});

test('a score is from 1 to 5, weighs the worse part twice, and counts what the other side hears', () => {
  expect(score()).toBeGreaterThan(4.3);
  expect(score({ frozenMs: 5_000, framesPerSecond: 0 })).toBeLessThan(2.3);
  expect(score({ concealed: 30 })).toBeLessThan(score({ frozenMs: 0 }) ?? 0);
  expect(score({ lossOut: 10 })).toBeCloseTo(score({ lossIn: 10, concealed: 10 }) ?? 0, 5);
  // What was lost and sent again was not heard.
  expect(score({ lossIn: 10, concealed: 0 })).toBe(score());
  expect(score({ lossIn: 10, concealed: null })).toBeLessThan(score() ?? 0);
  expect(score({ concealed: 100, lossOut: 100, roundTripMs: 60_000, frozenMs: 5_000 })).toBeGreaterThanOrEqual(1);
});

test('a link that is cut is the worst there is; where nothing could be judged there is no score', () => {
  expect(score({ cut: true })).toBe(1);
  const held = { lossIn: null, lossOut: null, concealed: null, framesPerSecond: null, frozenMs: null, height: null };
  expect(score(held)).toBeNull();
  expect(score({ ...held, framesPerSecond: 25, height: 720 })).toBeCloseTo(4.4, 5);
  expect(score({ framesPerSecond: null })).toBeGreaterThan(4.3);
});
