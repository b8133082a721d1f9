import type { Language, Text } from '@openvtm/protocol';
import { createI18n } from 'vue-i18n';
import en from './messages/en.ts';
import { explaining } from './messages/explaining.ts';
import zhCN from './messages/zh-CN.ts';

/** A tree of texts; the leaves are what a person reads. */
export type Messages = { [key: string]: string | Messages };
export type AppMessages = Record<Language, Messages>;

export const sharedMessages: AppMessages = {
  'zh-CN': { ...zhCN, ...explaining['zh-CN'] },
  en: { ...en, ...explaining.en },
};
export const languages: readonly Language[] = ['zh-CN', 'en'];

/** A second way of saying some of the texts: a locale of its own, `en-x-elder`, whose other texts are its language's. */
export type Variant = { locale: `${Language}-x-${string}`; texts: Messages };

/** `texts` with those of `over` in place of its own. */
const overlaid = (texts: Messages, over: Messages): Messages => {
  const result: Messages = { ...texts };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = typeof value === 'string' || typeof below !== 'object' ? value : overlaid(below, value);
  }
  return result;
};

type Options = {
  variants?: Variant[];
  /** The language to begin with; default zh-CN. */
  language?: Language;
  /** What to do about a key that no language has. The default throws in development and tests, and shows the key in production. */
  onMissing?: (key: string) => void;
};

const throwMissing = (key: string) => {
  throw new Error(`No text for the key “${key}”`);
};

/** vue-i18n with the shared texts and an app's own; their top-level keys must differ. */
export function createAppI18n(messages: AppMessages, options: Options = {}) {
  for (const language of languages) {
    const twice = Object.keys(messages[language]).filter((key) => key in sharedMessages[language]);
    if (twice.length > 0) throw new Error(`These keys belong to the shared texts: ${twice.join(', ')}`);
  }
  const onMissing = options.onMissing ?? (import.meta.env?.PROD ? undefined : throwMissing);
  const whole: AppMessages = {
    'zh-CN': { ...sharedMessages['zh-CN'], ...messages['zh-CN'] },
    en: { ...sharedMessages.en, ...messages.en },
  };
  const variants = (options.variants ?? []).map(({ locale, texts }) => [
    locale,
    overlaid(whole[languageOf(locale)], texts),
  ]);
  return createI18n<false>({
    legacy: false,
    locale: options.language ?? 'zh-CN',
    // Both languages are complete (a test sees to it), so falling back would only hide a mistake.
    fallbackLocale: false,
    missingWarn: false,
    fallbackWarn: false,
    ...(onMissing ? { missing: (_locale: string, key: string) => onMissing(key) } : {}),
    messages: { ...whole, ...Object.fromEntries(variants) },
  });
}
export type AppI18n = ReturnType<typeof createAppI18n>;

/** vue-i18n's `t`, as far as code outside components needs it. */
export type Translate = {
  (key: string): string;
  (key: string, named: Record<string, unknown>): string;
  (key: string, named: Record<string, unknown>, plural: number): string;
};

/** The screen's language from vue-i18n's locale, also from a variant of it. */
export const languageOf = (locale: string): Language => (locale.split('-')[0] === 'en' ? 'en' : 'zh-CN');

/** The one of a text's languages that the screen is in. */
export const textIn = (text: Text, locale: string): string => text[languageOf(locale)];
