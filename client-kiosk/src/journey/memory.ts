import { CaseId, Language, Print } from '@openvtm/protocol';

// What must outlive a reload although no case holds it. Never anything that a customer typed: that is the server's.
const PREFIX = 'openvtm-kiosk:';
const NAMES = ['language', 'print', 'voice', 'browsing', 'leaving', 'joinAfterConsent', 'formAt'] as const;
type Name = (typeof NAMES)[number];

const read = (name: Name) => sessionStorage.getItem(PREFIX + name);
const drop = (name: Name) => sessionStorage.removeItem(PREFIX + name);
const write = (name: Name, value: string | null) =>
  value === null ? drop(name) : sessionStorage.setItem(PREFIX + name, value);

const readCaseId = (name: Name) => CaseId.nullable().catch(null).parse(read(name));

export const kept = {
  language: () => Language.catch('zh-CN').parse(read('language')),
  print: () => Print.catch('normal').parse(read('print')),
  voice: () => read('voice') === 'on',
  browsing: () => read('browsing') === 'on',
  leaving: () => readCaseId('leaving'),
  joinAfterConsent: () => readCaseId('joinAfterConsent'),
  /** The name of the field, or `review`, that the form stood at. */
  formAt: () => read('formAt'),
  drop,
};

export const keep = {
  language: (value: Language) => write('language', value),
  print: (value: Print) => write('print', value),
  voice: (on: boolean) => write('voice', on ? 'on' : null),
  browsing: (on: boolean) => write('browsing', on ? 'on' : null),
  leaving: (id: CaseId | null) => write('leaving', id),
  joinAfterConsent: (id: CaseId | null) => write('joinAfterConsent', id),
  formAt: (at: string) => write('formAt', at),
};

export function forgetAll() {
  for (const name of NAMES) drop(name);
}
