import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tidyWords } from './words.ts';

test.for([
  ['words as they are', '您好, O’Neil <b>1 & 2</b>', '您好, O’Neil <b>1 & 2</b>'],
  ['a line break', 'one\r\ntwo', 'one\ntwo'],
  ['many blank lines', 'one\n\n\n\n\ntwo', 'one\n\ntwo'],
  ['a tab', 'one\ttwo', 'one two'],
  ['what would turn the words around', 'pay \u202e001\u202c now', 'pay 001 now'],
  ['a control character', 'be\u0000ep\u0007', 'beep'],
  ['a picture', '👍', '👍'],
] as const)('%s', ([, written, shown]) => expect(tidyWords(written)).toBe(shown));

test.for(['', ' ', '\u200b\u200d', '\u202e', '\n\n', '\u0007'])('%j is nothing that can be read', (written) =>
  expect(tidyWords(written)).toBeNull(),
);

test('what was tidied stays so', () => {
  const again = fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (written) => {
    const once = tidyWords(written);
    return once === null || tidyWords(once) === once;
  });
  expect(fc.check(again, { numRuns: 300 }).failed).toBe(false);
});
