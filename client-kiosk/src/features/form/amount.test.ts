import { expect, test } from 'vitest';
import { amountInWords, caretIn } from './amount.ts';

test('the caret stays behind the digit that was typed last', () => {
  expect(caretIn('12,345', '12345')).toBe(6);
  expect(caretIn('1,234', '1234'.slice(0, 1))).toBe(1);
  expect(caretIn('1,234', '12')).toBe(3);
  expect(caretIn('1,234,567', '1,23')).toBe(4);
  expect(caretIn('', '')).toBe(0);
});

test.for<[string, string]>([
  ['0', '零元整'],
  ['10', '壹拾元整'],
  ['101', '壹佰零壹元整'],
  ['1.05', '壹元零伍分'],
  ['0.5', '伍角'],
  ['12,300', '壹万贰仟叁佰元整'],
  ['100005', '壹拾万零伍元整'],
  ['10001.01', '壹万零壹元零壹分'],
  ['1000000000', '壹拾亿元整'],
  ['999999999999.99', '玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
  ['', ''],
  ['.', ''],
  ['1234567890123', ''],
])('%s in capitals is %s', ([typed, words]) => {
  expect(amountInWords(typed, 'zh-CN')).toBe(words);
});

test.for<[string, string]>([
  ['0', 'zero yuan'],
  ['1.05', 'one yuan and five fen'],
  ['12300', 'twelve thousand three hundred yuan'],
  ['1000000000', 'one billion yuan'],
])('%s in English is %s', ([typed, words]) => {
  expect(amountInWords(typed, 'en')).toBe(words);
});
