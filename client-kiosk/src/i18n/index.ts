import type { Language, Print } from '@openvtm/protocol';
import { createAppI18n, type AppMessages, type Variant } from '@openvtm/ui';
import { annotations } from './annotations.ts';
import { appointments } from './appointments.ts';
import { capture } from './capture.ts';
import { chat } from './chat.ts';
import en from './en.ts';
import { explaining } from './explaining.ts';
import { handouts } from './handouts.ts';
import { hearing } from './hearing.ts';
import { offer } from './offer.ts';
import plainEn from './plain-en.ts';
import plainZhCN from './plain-zh-CN.ts';
import { forms } from './forms.ts';
import { people } from './people.ts';
import { selfTest } from './self-test.ts';
import { recall } from './recall.ts';
import { reviews } from './reviews.ts';
import { sharing } from './sharing.ts';
import { signing } from './signing.ts';
import { waiting } from './waiting.ts';
import zhCN from './zh-CN.ts';

/** This app's texts; a test sees to it that both languages have the same. */
export const messages: AppMessages = {
  'zh-CN': {
    ...zhCN,
    ...annotations['zh-CN'],
    ...appointments['zh-CN'],
    ...capture['zh-CN'],
    ...chat['zh-CN'],
    ...explaining['zh-CN'],
    ...forms['zh-CN'],
    ...handouts['zh-CN'],
    ...hearing['zh-CN'],
    ...offer['zh-CN'],
    ...people['zh-CN'],
    ...selfTest['zh-CN'],
    ...recall['zh-CN'],
    ...reviews['zh-CN'],
    ...sharing['zh-CN'],
    ...signing['zh-CN'],
    ...waiting['zh-CN'],
  },
  en: {
    ...en,
    ...annotations.en,
    ...appointments.en,
    ...capture.en,
    ...chat.en,
    ...explaining.en,
    ...forms.en,
    ...handouts.en,
    ...hearing.en,
    ...offer.en,
    ...people.en,
    ...selfTest.en,
    ...recall.en,
    ...reviews.en,
    ...sharing.en,
    ...signing.en,
    ...waiting.en,
  },
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
