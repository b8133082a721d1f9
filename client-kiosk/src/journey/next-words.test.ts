import { expect, test } from 'vitest';
import { nextWords } from './next-words.ts';
import { aCase, aDocument } from './samples.test-data.ts';

const serving = aCase('serving');
const quiet = { disputed: false };

test('without anything else, the customer listens', () => {
  expect(nextWords(serving, [], quiet)).toEqual({ key: 'talk', document: null, good: false });
  expect(nextWords(serving, [aDocument({ at: 'asked' })], quiet).key).toBe('talk');
});

test('a picture under review comes before all that is settled', () => {
  const documents = [
    aDocument({ at: 'accepted', since: 9 }),
    aDocument({ at: 'captured', since: 5 }, { kind: 'passport' }),
  ];
  expect(nextWords(serving, documents, quiet)).toEqual({ key: 'captured', document: 'passport', good: false });
});

test('of what is settled, the latest is told', () => {
  const accepted = aDocument({ at: 'accepted', since: 7 });
  const missing = aDocument({ at: 'not-at-hand', since: 8 }, { kind: 'proof-of-address' });
  expect(nextWords(serving, [accepted, missing], quiet)).toEqual({
    key: 'notAtHand',
    document: 'proof-of-address',
    good: false,
  });
  expect(nextWords(serving, [missing, aDocument({ at: 'accepted', since: 9 })], quiet)).toEqual({
    key: 'accepted',
    document: 'id-card-front',
    good: true,
  });
  expect(nextWords(serving, [aDocument({ at: 'withdrawn', since: 1 })], quiet).key).toBe('withdrawn');
});

test('a summary that was sent back is talked about, one that was agreed to is good news', () => {
  const accepted = [aDocument({ at: 'accepted', since: 7 })];
  expect(nextWords(serving, accepted, { disputed: true }).key).toBe('notRight');
  expect(nextWords(aCase('confirmed'), accepted, { disputed: true })).toEqual({
    key: 'confirmed',
    document: null,
    good: true,
  });
});
