import type { Print } from '@openvtm/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lostOf, moved, newTrail, placeOf, tried, turnedBack, type Trail } from './lost.ts';

const form = newTrail(placeOf('form', '0'), 1_000);
const times = (n: number, step: (trail: Trail) => Trail) =>
  Array.from({ length: n }).reduce<Trail>((trail) => step(trail), form);
const lost = (trail: Trail, now: number, print: Print = 'normal') => lostOf(trail, { now, print });

describe('a customer is slow', () => {
  test('after three times as long as a page takes, and later in large print and in the elder mode', () => {
    expect(lost(form, 75_999)).toBeNull();
    expect(lost(form, 76_000)).toEqual({ why: 'slow' });
    expect(lost(form, 76_000, 'large')).toBeNull();
    expect(lost(form, 121_000, 'large')).toEqual({ why: 'slow' });
    expect(lost(form, 121_000, 'elder')).toBeNull();
    expect(lost(form, 188_500, 'elder')).toEqual({ why: 'slow' });
  });
  test('from the page on that they are at, not from the first', () => {
    const next = moved(form, placeOf('form', '1'), 60_000);
    expect(lost(next, 76_000)).toBeNull();
    expect(moved(next, placeOf('form', '1'), 99_000)).toBe(next);
  });
  test('never where somebody is there already, or nothing is to be done', () => {
    for (const screen of ['welcome', 'waiting', 'call', 'capture', 'confirm', 'rating', 'thanks', 'carry-out'] as const)
      expect(lost(newTrail(placeOf(screen, ''), 0), 3_600_000)).toBeNull();
  });
});

describe('a customer goes back and forth', () => {
  test('at the third turn back within two minutes', () => {
    expect(
      lost(
        times(2, (trail) => turnedBack(trail, 2_000)),
        3_000,
      ),
    ).toBeNull();
    expect(
      lost(
        times(3, (trail) => turnedBack(trail, 2_000)),
        3_000,
      ),
    ).toEqual({ why: 'back-and-forth' });
  });
  test('and not when the turns are far apart', () => {
    const apart = [0, 119_000, 239_500].reduce((trail, at) => turnedBack(trail, at), form);
    expect(lost(moved(apart, placeOf('form', '2'), 239_500), 240_000)).toBeNull();
  });
});

describe('a field fails', () => {
  test('thrice in a row: the offer says which', () => {
    expect(
      lost(
        times(2, (trail) => tried(trail, 'idNumber', true)),
        2_000,
      ),
    ).toBeNull();
    expect(
      lost(
        times(3, (trail) => tried(trail, 'idNumber', true)),
        2_000,
      ),
    ).toEqual({
      why: 'field-problems',
      field: 'idNumber',
    });
  });
  test('in a row only: right in between is no trouble, nor are three fields once each', () => {
    const mended = tried(
      times(2, (trail) => tried(trail, 'phone', true)),
      'phone',
      false,
    );
    expect(lost(tried(mended, 'phone', true), 2_000)).toBeNull();
    const others = ['a', 'b', 'c'].reduce((trail, field) => tried(trail, field, true), form);
    expect(lost(others, 2_000)).toBeNull();
  });
});

test('whatever a customer does, more patience never finds them lost sooner', () => {
  const step = fc.record({
    is: fc.constantFrom('back', 'wrong', 'right', 'move'),
    after: fc.integer({ max: 90_000, min: 1 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let trail = form;
      let now = 1_000;
      for (const { is, after } of steps) {
        now += after;
        if (is === 'back') trail = turnedBack(trail, now);
        else if (is === 'move') trail = moved(trail, placeOf('form', String(now)), now);
        else trail = tried(trail, 'phone', is === 'wrong');
        expect(lost(trail, now, 'large') !== null && lost(trail, now) === null).toBe(false);
      }
    }),
  );
});
