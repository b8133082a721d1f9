import { describe, expect, test } from 'vitest';
import { formatClock, formatDuration, formatWait, groupedAmount } from './format.ts';
import { createAppI18n, type Translate } from './i18n.ts';

const inLanguage = (language: 'zh-CN' | 'en'): Translate =>
  createAppI18n({ 'zh-CN': {}, en: {} }, { language }).global.t;
const en = inLanguage('en');
const zh = inLanguage('zh-CN');

describe('a length of time', () => {
  test.for([
    [0, '0 s', '0 秒'],
    [59_999, '59 s', '59 秒'],
    [60_000, '1 min', '1 分钟'],
    [185_000, '3 min 5 s', '3 分 5 秒'],
    [7_800_000, '2 h 10 min', '2 小时 10 分'],
    [-5, '0 s', '0 秒'],
  ] as const)('%d ms is %s', ([ms, english, chinese]) => {
    expect(formatDuration(ms, en)).toBe(english);
    expect(formatDuration(ms, zh)).toBe(chinese);
  });

  test.for([
    [7_000, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
  ] as const)('%d ms on a clock is %s', ([ms, clock]) => {
    expect(formatClock(ms)).toBe(clock);
  });
});

describe('an expected wait', () => {
  test('is a range, never more exact than it is', () => {
    expect(formatWait({ from: 4, to: 7 }, en)).toBe('Expected wait 4–7 minutes');
    expect(formatWait({ from: 4, to: 7 }, zh)).toBe('预计等待 4–7 分钟');
    expect(formatWait({ from: 5, to: 5 }, en)).toBe('Expected wait about 5 minutes');
    expect(formatWait({ from: 1, to: 1 }, en)).toBe('Expected wait about 1 minute');
    expect(formatWait({ from: 0, to: 1 }, en)).toBe('Expected wait under 1 minute');
    expect(formatWait({ from: 0, to: 3 }, zh)).toBe('预计等待不到 3 分钟');
    expect(formatWait({ from: 0, to: 0 }, en)).toBe('Expected wait under 1 minute');
  });

  test('without anybody on duty says so', () => {
    expect(formatWait(null, en)).toBe('No teller is on duty just now');
  });
});

test.for<[string, string]>([
  ['', ''],
  ['1', '1'],
  ['123', '123'],
  ['1234', '1,234'],
  ['1234567.5', '1,234,567.5'],
  ['1,2345', '12,345'],
  ['1234.', '1,234.'],
  ['999999999999.99', '999,999,999,999.99'],
])('%s is shown as %s', ([typed, shown]) => {
  expect(groupedAmount(typed)).toBe(shown);
});
