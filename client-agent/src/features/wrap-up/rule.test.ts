import { WrapUpMode } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { clockOf, mayLeaveOutcome, sendsItself } from './rule.ts';

it('asks for an outcome where the rule does', () => {
  expect(Object.fromEntries(WrapUpMode.options.map((mode) => [mode, mayLeaveOutcome({ mode })]))).toEqual({
    timed: false,
    'until-done': false,
    optional: true,
    'optional-timed': true,
    none: true,
  });
});

it('counts down to the end, if there is one', () => {
  expect(clockOf(null, 5)).toBeNull();
  expect(clockOf(100_000, 10_000)).toEqual({ leftMs: 90_000, soon: false, ending: false });
  expect(clockOf(100_000, 60_000)).toEqual({ leftMs: 40_000, soon: true, ending: false });
  expect(clockOf(100_000, 98_000)).toEqual({ leftMs: 2_000, soon: true, ending: true });
  expect(clockOf(100_000, 200_000)).toEqual({ leftMs: 0, soon: true, ending: true });
});

it('sends by itself what can be kept, and nothing that is empty', () => {
  expect(sendsItself({ mode: 'timed' }, { outcome: 'complete', note: '' })).toBe(true);
  expect(sendsItself({ mode: 'timed' }, { outcome: null, note: 'long' })).toBe(false);
  expect(sendsItself({ mode: 'optional-timed' }, { outcome: null, note: 'long' })).toBe(true);
  expect(sendsItself({ mode: 'optional-timed' }, { outcome: null, note: ' ' })).toBe(false);
});
