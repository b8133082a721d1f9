import { CaseId, Language, Print } from '@openvtm/protocol';
import { keptPlaceOf, type KeptPlace } from './call-back.ts';
import { sentCaseOf, type SentCase } from './sent-ahead.ts';
import { onPhone } from '../enrol/place.ts';

// What must outlive a reload although no case holds it. Never anything that a customer typed: that is the server's.
const PREFIX = onPhone ? 'openvtm-phone:' : 'openvtm-kiosk:';
const NAMES = [
  'language',
  'print',
  'voice',
  'browsing',
  'leaving',
  'joinAfterConsent',
  'formAt',
  'trail',
  'place',
  'sent',
  'handingOut',
  'volume',
] as const;
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
  /** How the customer got here, in counts and moments; see features/help/lost.ts. */
  trail: () => read('trail'),
  /** The place in the queue that is kept for the customer who stands here. */
  place: () => keptPlaceOf(read('place')),
  /** What the customer who stands here has just sent ahead. */
  sent: () => sentCaseOf(read('sent')),
  /** Whether papers are taken along; null: the customer said neither. */
  handingOut: () => ({ yes: true, no: false })[read('handingOut') ?? ''] ?? null,
  /** How loud the teller is for the customer who stands here, in percent. */
  volume: () => Number(read('volume') ?? 100),
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
  trail: (trail: string) => write('trail', trail),
  volume: (percent: number) => write('volume', String(percent)),
  handingOut: (wish: boolean | null) => write('handingOut', wish === null ? null : wish ? 'yes' : 'no'),
  sent: (sent: SentCase | null) => write('sent', sent && JSON.stringify(sent)),
  /** Without the number, which the customer typed. */
  place: (place: KeptPlace | null) =>
    write('place', place && JSON.stringify({ code: place.code, keptUntil: place.keptUntil })),
};

/** How the screens look on a phone is its owner's wish, also after the business is done. */
const OWNERS: ReadonlySet<Name> = new Set<Name>(['language', 'print']);

export function forgetAll() {
  for (const name of NAMES) if (!onPhone || !OWNERS.has(name)) drop(name);
}
