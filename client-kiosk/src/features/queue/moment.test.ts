import { expect, test } from 'vitest';
import { momentInWords } from './moment.ts';

const now = new Date(2026, 10, 26, 17, 30).getTime();
const words = (instant: Date, locale = 'en') => momentInWords(instant.getTime(), { now, locale });

test('today a time says it all, any other day has its name', () => {
  expect(words(new Date(2026, 10, 26, 21, 5))).toBe('21:05');
  expect(words(new Date(2026, 10, 27, 8, 30))).toMatch(/^Fri\D.*27.* 08:30$/);
  expect(words(new Date(2026, 10, 27, 8, 30), 'zh-CN-x-elder')).toMatch(/27日.*08:30$/);
});
