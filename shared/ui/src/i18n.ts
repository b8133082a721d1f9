import type { Language, Text } from '@openvtm/protocol';
import { createI18n } from 'vue-i18n';
import en from './messages/en.ts';
import zhCN from './messages/zh-CN.ts';

/** A tree of texts; the leaves are what a person reads. */
export type Messages = { [key: string]: string | Messages };
export type AppMessages = Record<Language, Messages>;

export const sharedMessages: AppMessages = { 'zh-CN': zhCN, en };
export const languages: readonly Language[] = ['zh-CN', 'en'];

type Options = {
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
  return createI18n({
    legacy: false,
    locale: options.language ?? 'zh-CN',
    // Both languages are complete (a test sees to it), so falling back would only hide a mistake.
    fallbackLocale: false,
    missingWarn: false,
    fallbackWarn: false,
    ...(onMissing ? { missing: (_locale: string, key: string) => onMissing(key) } : {}),
    messages: {
      'zh-CN': { ...zhCN, ...messages['zh-CN'] },
      en: { ...en, ...messages.en },
    },
  });
}
export type AppI18n = ReturnType<typeof createAppI18n>;

/** vue-i18n's `t`, as far as code outside components needs it. */
export type Translate = {
  (key: string): string;
  (key: string, named: Record<string, unknown>): string;
  (key: string, named: Record<string, unknown>, plural: number): string;
};

/** The one of a text's languages that the screen is in. */
export const textIn = (text: Text, language: string): string => (language === 'en' ? text.en : text['zh-CN']);
