import { describe, expect, test } from 'vitest';
import { createAppI18n, textIn } from './i18n.ts';

const messages = { 'zh-CN': { app: { hello: '你好，{name}' } }, en: { app: { hello: 'Hello {name}' } } };

describe("an app's texts", () => {
  test('stand beside the shared ones, in the language of the moment', () => {
    const { global } = createAppI18n(messages);
    expect(global.t('app.hello', { name: '林晓' })).toBe('你好，林晓');
    expect(global.t('document.passport')).toBe('护照');
    global.locale.value = 'en';
    expect(global.t('app.hello', { name: 'Lin' })).toBe('Hello Lin');
    expect(global.t('document.passport')).toBe('Passport');
  });

  test('a key that is missing is an error, not a word on screen', () => {
    const { global } = createAppI18n(messages, { language: 'en' });
    expect(() => global.t('app.goodbye')).toThrow('app.goodbye');
  });

  test('must not shadow a shared text', () => {
    const own = { error: { internal: 'mine' } };
    expect(() => createAppI18n({ 'zh-CN': own, en: own })).toThrow('error');
  });
});

test('a text of the catalogue is shown in the language of the screen', () => {
  const text = { 'zh-CN': '补卡', en: 'Replace' };
  expect(textIn(text, 'en')).toBe('Replace');
  expect(textIn(text, 'zh-CN')).toBe('补卡');
});
