import { expect, test } from 'vitest';
import { fillPaper } from './fill.ts';
import { printable } from './print-paper.ts';

const both = (text: string) => ({ 'zh-CN': text, en: text });
const template = {
  title: both('For {{fullName}}'),
  sections: [{ heading: both('1'), paragraphs: [both('{{fullName}}, {{phone}}, {{fullName}}')] }],
};
const said = (fillings: Record<string, string>, language: 'zh-CN' | 'en' = 'en') =>
  fillPaper(template, { language, fillings: new Map(Object.entries(fillings)) }).sections[0]?.paragraphs[0];

test('values stand in the gaps as they are, whatever characters they have', () => {
  expect(said({ fullName: "O'Neil", phone: '1' })).toBe("O'Neil, 1, O'Neil");
  expect(said({ fullName: '$& $1 \\', phone: '<b>' })).toBe('$& $1 \\, <b>, $& $1 \\');
  expect(said({ fullName: '龘𠮷', phone: '1' })).toBe('龘𠮷, 1, 龘𠮷');
});

test('what is put in is not looked at for gaps again', () => {
  expect(said({ fullName: '{{phone}}', phone: 'secret' })).toBe('{{phone}}, secret, {{phone}}');
});

test('a gap that was not filled in says so', () => {
  expect(said({ fullName: 'A' })).toBe('A, (not given), A');
  expect(said({ fullName: 'A', phone: '' }, 'zh-CN')).toBe('A, （未填写）, A');
});

test('a character that the font lacks is printed as its number, an invisible one not at all', () => {
  const has = (code: number) => code < 0x2_0000;
  expect(printable('张𠮷\u202e龘\u0007', has)).toBe('张〔U+20BB7〕龘');
});
