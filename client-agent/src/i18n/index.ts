import { type AppMessages, createAppI18n, languages } from '@openvtm/ui';
import type { Language } from '@openvtm/protocol';
import { app } from './app.ts';
import { appointments } from './appointments.ts';
import { callAgent } from './call-agent.ts';
import { callBacks } from './call-backs.ts';
import { chat } from './chat.ts';
import { customer } from './customer.ts';
import { devices } from './devices.ts';
import { documents } from './documents.ts';
import { explain } from './explain.ts';
import { explaining } from './explaining.ts';
import { hearing } from './hearing.ts';
import { journeys } from './journeys.ts';
import { looking } from './looking.ts';
import { marking } from './marking.ts';
import { people } from './people.ts';
import { plan } from './plan.ts';
import { presence } from './presence.ts';
import { quality } from './quality.ts';
import { queueBoard } from './queue-board.ts';
import { queueRules } from './queue-rules.ts';
import { reading } from './reading.ts';
import { selfTest } from './self-test.ts';
import { recall } from './recall.ts';
import { reviews } from './reviews.ts';
import { services } from './services.ts';
import { serving } from './serving.ts';
import { signing } from './signing.ts';
import { staffing } from './staffing.ts';
import { sharing } from './sharing.ts';
import { work } from './work.ts';

const parts = [
  app,
  presence,
  serving,
  devices,
  documents,
  work,
  selfTest,
  services,
  staffing,
  hearing,
  journeys,
  appointments,
  plan,
  customer,
  chat,
  sharing,
  queueBoard,
  queueRules,
  explain,
  callAgent,
  callBacks,
  signing,
  explaining,
  people,
  reading,
  recall,
  looking,
  marking,
  reviews,
  quality,
] as const;

/** This app's texts; both languages have the same keys. */
export const messages: AppMessages = {
  'zh-CN': Object.assign({}, ...parts.map((part) => part['zh-CN'])),
  en: Object.assign({}, ...parts.map((part) => part.en)),
};

const KEY = 'openvtm.language';

/** The language of the last visit on this machine, otherwise the browser's, otherwise Chinese. */
export function rememberedLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  const known = languages.find((language) => language === kept);
  if (known) return known;
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

export const rememberLanguage = (language: Language) => localStorage.setItem(KEY, language);

export const i18n = () => createAppI18n(messages, { language: rememberedLanguage() });
