import {
  fieldsOf,
  Language,
  personFor,
  type QuickPhrases,
  type Service,
  type Step,
  type Text,
} from '@openvtm/protocol';
import { capture } from '../../client-kiosk/src/i18n/capture.ts';
import { chat } from '../../client-kiosk/src/i18n/chat.ts';
import en from '../../client-kiosk/src/i18n/en.ts';
import { forms } from '../../client-kiosk/src/i18n/forms.ts';
import { handouts } from '../../client-kiosk/src/i18n/handouts.ts';
import { people } from '../../client-kiosk/src/i18n/people.ts';
import plainEn from '../../client-kiosk/src/i18n/plain-en.ts';
import plainZhCN from '../../client-kiosk/src/i18n/plain-zh-CN.ts';
import { signing } from '../../client-kiosk/src/i18n/signing.ts';
import { recall } from '../../client-kiosk/src/i18n/recall.ts';
import { waiting } from '../../client-kiosk/src/i18n/waiting.ts';
import zhCN from '../../client-kiosk/src/i18n/zh-CN.ts';
import sharedEn from '../../shared/ui/src/messages/en.ts';
import sharedZhCN from '../../shared/ui/src/messages/zh-CN.ts';

export type Spoken = { text: string; language: Language };
const languages = Language.options;
type Tree = { [key: string]: string | Tree };

const trees: Record<Language, Tree[]> = {
  'zh-CN': [
    zhCN,
    capture['zh-CN'],
    chat['zh-CN'],
    forms['zh-CN'],
    people['zh-CN'],
    recall['zh-CN'],
    waiting['zh-CN'],
    { handout: handouts['zh-CN'].handout },
    { signing: { aloud: signing['zh-CN'].signing.aloud } },
    plainZhCN,
    sharedZhCN,
  ],
  en: [
    en,
    capture.en,
    chat.en,
    forms.en,
    people.en,
    recall.en,
    waiting.en,
    { handout: handouts.en.handout },
    { signing: { aloud: signing.en.signing.aloud } },
    plainEn,
    sharedEn,
  ],
};

/** Groups that no customer meets, or that are not read aloud: a technician's, keys, what a teller says in a call. */
const SILENT = new Set([
  'enrol',
  'keyboard',
  'pad',
  'next',
  'call',
  'people',
  'changed',
  'duration',
  'coreFact',
  'endReason',
]);

/** Texts with a number in them that is small enough to be said ahead of time, by key: from 1 up to this. */
const COUNTED: Record<string, number> = { 'waiting.position': 12, 'identify.wrong': 2, 'code.unknown': 5 };

function leaves(tree: Tree, path = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  );
}

/** A counted text for one number, by the rule of vue-i18n: `one | many`. */
const counted = (text: string, n: number): string => {
  const [one = '', many = one] = text.split(' | ');
  return (n === 1 ? one : many).replaceAll('{n}', String(n));
};

function sayable(key: string, text: string, documents: string[]): string[] {
  const most = COUNTED[key];
  if (most !== undefined) return Array.from({ length: most }, (_, i) => counted(text, i + 1));
  if (key === 'capture.title') return documents.map((document) => text.replace('{document}', document));
  // What has a value in it is not known yet.
  return text.includes('{') ? [] : [text];
}

/** What the kiosk's app itself says, in both languages. */
export function textsOfApp(): Spoken[] {
  return languages.flatMap((language) => {
    const all = trees[language].flatMap((tree) => leaves(tree));
    const documents = all.filter(([key]) => key.startsWith('document.')).map(([, text]) => text);
    return all
      .filter(([key]) => !SILENT.has(key.split('.')[0] ?? ''))
      .flatMap(([key, text]) => sayable(key, text, documents))
      .map((text) => ({ text, language }));
  });
}

/** What a customer alone is shown of a step; the words for an agent to say stay the agent's. */
function textsOfStep(step: Step): Text[] {
  if (step.kind === 'consent' || step.kind === 'form' || step.kind === 'rate') return [];
  const why = step.until ? [step.until.otherwise] : [];
  if (personFor(step) !== 'nobody') return step.kind === 'capture' ? [step.title, ...why] : why;
  const script = 'script' in step ? [step.script] : [];
  const questions =
    step.kind === 'risk-assessment'
      ? step.questions.flatMap(({ text, answers }) => [text, ...answers.map((answer) => answer.text)])
      : [];
  return [step.title, ...script, ...questions, ...why];
}

/** What can be read to somebody of the papers to sign; what has their own data in it they read themselves. */
const textsOfPapers = ({ papers }: Service): Text[] =>
  papers
    .flatMap(({ title, sections }) => [
      title,
      ...sections.flatMap(({ heading, paragraphs }) => [heading, ...paragraphs]),
    ])
    .filter((text) => !Object.values(text).some((words) => words.includes('{{')));

/** The bank's own sentences that a teller sends; never what anybody writes. */
export const textsOfPhrases = ({ agent }: QuickPhrases): Spoken[] =>
  agent.flatMap(({ text }) => languages.map((language) => ({ text: text[language], language })));

/** What is said of a service. */
export function textsOfService(service: Service): Spoken[] {
  const fields = fieldsOf(service.form).flatMap(({ label, hint, choices }) => [
    label,
    ...(hint ? [hint] : []),
    ...(choices ?? []).map((choice) => choice.label),
  ]);
  const texts = [
    service.title,
    service.consent.text,
    ...fields,
    ...service.steps.flatMap(textsOfStep),
    ...textsOfPapers(service),
  ];
  return texts.flatMap((text) => languages.map((language) => ({ text: text[language], language })));
}
