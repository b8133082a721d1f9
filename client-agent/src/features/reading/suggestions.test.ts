import type { DeskCase, Suggestion } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { agreeing, canAccept, seenOf, verdictsOf, waitsFor } from './suggestions.ts';

const suggestion = (changes: Partial<Suggestion> = {}): Suggestion => ({
  name: 'idNumber',
  class: 'C2',
  shown: '••••1485',
  masked: true,
  confidence: 0.99,
  box: { left: 0, top: 0, width: 1, height: 1 },
  check: 'holds',
  field: 'idNumber',
  compared: 'empty',
  accepted: false,
  ...changes,
});

test('only what has a field and no failing check may be put in', () => {
  expect(canAccept(suggestion())).toBe(true);
  expect(canAccept(suggestion({ field: null, compared: null }))).toBe(false);
  expect(canAccept(suggestion({ check: 'fails' }))).toBe(false);
  expect(canAccept(suggestion({ accepted: true, compared: 'matches' }))).toBe(false);
  // The customer did not agree, and the field says something else again.
  expect(canAccept(suggestion({ accepted: true, compared: 'differs' }))).toBe(true);
});

test('one press takes what agrees with the form or fills it, and nothing that differs or is unsure', () => {
  const all = [
    suggestion({ compared: 'matches' }),
    suggestion({ compared: 'empty' }),
    suggestion({ compared: 'differs' }),
    suggestion({ confidence: 0.5 }),
    suggestion({ accepted: true }),
    suggestion({ check: 'fails' }),
  ];
  expect(agreeing(all)).toEqual(all.slice(0, 2));
});

test('ID number and name are judged first, also where they could not be read', () => {
  const name = suggestion({ name: 'name', check: null, compared: 'matches' });
  expect(verdictsOf({ suggestions: [name, suggestion({ compared: 'differs' })], missing: [] })).toEqual([
    { name: 'idNumber', says: 'differs' },
    { name: 'name', says: 'matches' },
  ]);
  expect(verdictsOf({ suggestions: [suggestion({ check: 'fails', compared: 'differs' })], missing: ['name'] })).toEqual(
    [
      { name: 'idNumber', says: 'not-readable' },
      { name: 'name', says: 'not-readable' },
    ],
  );
  // A bank card says nothing of who somebody is, nor does a form that asks for no name.
  expect(verdictsOf({ suggestions: [suggestion({ name: 'cardNumber' })], missing: ['validThru'] })).toEqual([]);
  expect(verdictsOf({ suggestions: [suggestion({ field: null, compared: null })], missing: [] })).toEqual([]);
});

test('what the agent has seen is the revision on the screen, and an open change waits for the customer', () => {
  const values = [{ name: 'idNumber', revision: 7, settled: false }] as DeskCase['values'];
  expect([seenOf({ values }, suggestion()), seenOf({ values: [] }, suggestion())]).toEqual([7, 0]);
  expect([waitsFor({ values }, suggestion()), waitsFor({ values: [] }, suggestion())]).toEqual([true, false]);
});
