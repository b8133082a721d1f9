import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erase, insert } from './edit.ts';

const at = (text: string, start: number, end = start) => ({ text, start, end });

test('text comes at the caret, or in the place of what is selected', () => {
  expect(insert(at('王明', 1), '小')).toEqual(at('王小明', 2));
  expect(insert(at('abcd', 1, 3), 'X')).toEqual(at('aXd', 2));
});

test.for([
  ['a character of two units', '王𠮷', '王'],
  ['a family of four', '我👨‍👩‍👧‍👦', '我'],
  ['an accent', 'e\u0301', ''],
  ['nothing', '', ''],
] as const)('%s is erased as one', ([, before, after]) => {
  expect(erase(at(before, before.length))).toEqual(at(after, after.length));
});

test('what is selected is erased, and nothing else', () => {
  expect(erase(at('abcd', 1, 3))).toEqual(at('ad', 1));
});

test('what is typed and erased again leaves all as it was', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('a', '中', '𠮷'), (text, key) => {
      // At the end of a text that does not join with what comes after it.
      const before = at(`${text} `, text.length + 1);
      expect(erase(insert(before, key))).toEqual(before);
    }),
  );
});
