import { languages, sharedMessages, type Messages } from '@openvtm/ui';
import { describe, expect, test } from 'vitest';
import { createKioskI18n, localeOf, messages, plain } from './index.ts';

function leaves(tree: Messages, path = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  );
}
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].toSorted().join();

describe('the plain words of the elder mode', () => {
  test.for(languages)('stand for texts that there are, and name the same values, in %s', (language) => {
    const all = new Map(leaves({ ...sharedMessages[language], ...messages[language] }));
    const wrong = leaves(plain[language]).filter(
      ([key, text]) => !all.has(key) || placeholders(all.get(key) ?? '') !== placeholders(text),
    );
    expect(wrong).toEqual([]);
  });

  test('are the same set in both languages', () => {
    const keys = (language: 'zh-CN' | 'en') => leaves(plain[language]).map(([key]) => key);
    expect(keys('en').toSorted()).toEqual(keys('zh-CN').toSorted());
  });

  test('are said in their own locale, and what has no plainer words is said as usual', () => {
    const { global } = createKioskI18n();
    const say = (print: 'normal' | 'elder', key: string) => {
      global.locale.value = localeOf('en', print);
      return global.t(key);
    };
    expect(say('elder', 'bar.teller')).not.toBe(say('normal', 'bar.teller'));
    expect(say('elder', 'field.missing')).toBe('Please fill this in.');
    expect(say('elder', 'form.next')).toBe(say('normal', 'form.next'));
  });
});
