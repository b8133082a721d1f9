import { expect, test } from 'vitest';
import { shownValue } from './fields.ts';

const choices = [
  { value: 'lost', label: { 'zh-CN': '遗失', en: 'Lost' } },
  { value: 'stolen', label: { 'zh-CN': '被盗', en: 'Stolen' } },
];

test('numbers are read in groups, choices in words', () => {
  expect(shownValue({ kind: 'phone' }, '13800138000', 'en')).toBe('138 0013 8000');
  expect(shownValue({ kind: 'phone' }, '+4930901820', 'en')).toBe('+4930901820');
  expect(shownValue({ kind: 'id-number' }, '11010519491231002X', 'en')).toBe('110105 19491231 002X');
  expect(shownValue({ kind: 'choice', choices }, 'lost', 'zh-CN')).toBe('遗失');
  expect(shownValue({ kind: 'choice', choices }, 'lost', 'en')).toBe('Lost');
  expect(shownValue({ kind: 'choice', choices }, '', 'en')).toBe('');
  expect(shownValue({ kind: 'text' }, 'as it is', 'en')).toBe('as it is');
});
