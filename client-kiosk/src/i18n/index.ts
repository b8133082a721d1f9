import type { Language, Print } from '@openvtm/protocol';
import { createAppI18n, type AppMessages, type Variant } from '@openvtm/ui';
import { appointments } from './appointments.ts';
import en from './en.ts';
import { offer } from './offer.ts';
import plainEn from './plain-en.ts';
import plainZhCN from './plain-zh-CN.ts';
import { forms } from './forms.ts';
import { sharing } from './sharing.ts';
import { waiting } from './waiting.ts';
import zhCN from './zh-CN.ts';

/** This app's texts; a test sees to it that both languages have the same. */
export const messages: AppMessages = {
  'zh-CN': {
    ...zhCN,
    ...appointments['zh-CN'],
    ...forms['zh-CN'],
    ...offer['zh-CN'],
    ...sharing['zh-CN'],
    ...waiting['zh-CN'],
  },
  en: { ...en, ...appointments.en, ...forms.en, ...offer.en, ...sharing.en, ...waiting.en },
};

/** What the elder mode says in plainer words, this app's texts and the shared ones alike. */
export const plain: AppMessages = { 'zh-CN': plainZhCN, en: plainEn };

/** The locale of a screen: its language, and in the elder mode that language's plain words. */
export const localeOf = (language: Language, print: Print): Language | Variant['locale'] =>
  print === 'elder' ? `${language}-x-elder` : language;

export const createKioskI18n = () =>
  createAppI18n(messages, {
    variants: [
      { locale: 'zh-CN-x-elder', texts: plain['zh-CN'] },
      { locale: 'en-x-elder', texts: plain.en },
    ],
  });
