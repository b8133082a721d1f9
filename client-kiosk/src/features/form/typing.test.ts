import { FieldFormat, type FieldKind } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { cleanTyping, extraKey, isNumeric } from './typing.ts';

const KINDS: FieldKind[] = [...FieldFormat.options, 'text', 'choice'];

const typed = (kind: FieldKind, raw: string, maxLength = 120) => cleanTyping({ kind, maxLength }, raw);

test.for([
  ['phone', '138 0013-8000', '13800138000'],
  ['phone', ' +49 (30) 901820', '+4930901820'],
  ['phone', '13+8', '138'],
  ['id-number', '110105 19491231 002x', '11010519491231002X'],
  ['id-number', '11010519491231002X99', '11010519491231002X'],
  ['card-last4', '12a345', '1234'],
  ['date', '1950', '1950'],
  ['date', '19508', '1950-8'],
  ['date', '19500831', '1950-08-31'],
  ['date', '1950-08-31', '1950-08-31'],
  ['date', '1950-', '1950'],
  ['name', '王 建国', '王 建国'],
  ['choice', 'class-2', 'class-2'],
] as const)('%s: %s becomes %s', ([kind, raw, cleaned]) => {
  expect(typed(kind, raw)).toBe(cleaned);
});

test('a text is cut at its longest, by characters as people count them', () => {
  expect(typed('text', '𠮷野家abc', 3)).toBe('𠮷野家');
});

test('cleaning twice changes nothing more', () => {
  for (const kind of KINDS) {
    for (const raw of ['1950-08-31', '+49 30 x', 'abc 汉字', ''])
      expect(typed(kind, typed(kind, raw))).toBe(typed(kind, raw));
  }
});

test('the pad serves numbers, with the key that digits lack', () => {
  expect(KINDS.filter(isNumeric)).toEqual(['phone', 'id-number', 'card-number', 'card-last4', 'amount']);
  expect(extraKey('id-number')).toBe('X');
  expect(extraKey('phone')).toBe('+');
  expect(extraKey('amount')).toBe('.');
  expect(extraKey('date')).toBeNull();
});
