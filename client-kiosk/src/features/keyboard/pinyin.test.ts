import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compose, lettersAfter, loadPinyin } from './pinyin.ts';

const table = await loadPinyin();

/** Types letters and picks these characters one after the other, as a person would. */
function typed(letters: string, characters: string): { taken: string; left: string } {
  let left = letters;
  let taken = '';
  for (const character of characters) {
    const composing = compose(table, left);
    if (!composing.candidates.includes(character)) break;
    taken += character;
    left = lettersAfter(left, composing);
  }
  return { taken, left };
}

test.for([
  ['wangxiaoming', '王小明'],
  ['chenxiuying', '陈秀英'],
  ["xi'an", '西安'],
  ['beijingshihaidianqu', '北京市海淀区'],
  ['zhongguancundajie', '中关村大街'],
  ['lvyou', '旅游'],
] as const)('%s can become %s', ([letters, characters]) => {
  expect(typed(letters, characters)).toEqual({ taken: characters, left: '' });
});

test('a syllable that is only begun is guessed', () => {
  expect(compose(table, 'zh').candidates).toContain('中');
  expect(compose(table, 'w').candidates).toContain('我');
});

test('letters that are no pinyin offer nothing and stay as they are', () => {
  expect(compose(table, 'v1').candidates).toEqual([]);
  expect(compose(table, '').candidates).toEqual([]);
});

test('taking a candidate always leaves fewer letters', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z']{1,20}$/), (letters) => {
      const composing = compose(table, letters);
      const fewer = lettersAfter(letters, composing).length < letters.length;
      expect(fewer || composing.candidates.length === 0).toBe(true);
    }),
  );
});
