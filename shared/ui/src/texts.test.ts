import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  CameraRole,
  DocumentKind,
  DocumentView,
  EndReason,
  ErrorCode,
  Language,
  Refusal,
  ReturnReason,
  type FieldProblem,
} from '@openvtm/protocol';
import type { DeviceProblem } from '@openvtm/rtc/devices';
import { describe, expect, test } from 'vitest';
import { parse, type SFCTemplateBlock } from 'vue/compiler-sfc';
import { languages, sharedMessages, type AppMessages, type Messages } from './i18n.ts';

const root = join(import.meta.dirname, '../../..');
const apps = ['client-kiosk', 'client-agent'];

// The apps are found by their place and not by import: this package knows no app.
async function textsOf(app: string): Promise<AppMessages> {
  const loaded: { messages: AppMessages } = await import(join(root, app, 'src/i18n/index.ts'));
  return loaded.messages;
}

/** The texts of every place that has some. */
async function allTexts(): Promise<Map<string, AppMessages>> {
  const all = new Map<string, AppMessages>([['shared/ui', sharedMessages]]);
  for (const app of apps) all.set(app, await textsOf(app));
  return all;
}

/** Every text by its whole key. */
function leaves(tree: Messages, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(path + key, value);
    else for (const [deeper, text] of leaves(value, `${path}${key}.`)) found.set(deeper, text);
  }
  return found;
}

const all = await allTexts();
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].toSorted().join();

describe.for([...all.keys()])('the texts of %s', (place) => {
  const messages = all.get(place)!;
  const [chinese, english] = [leaves(messages['zh-CN']), leaves(messages.en)];

  test('are the same set in both languages', () => {
    expect([...english.keys()].toSorted()).toEqual([...chinese.keys()].toSorted());
    expect(english.size).toBeGreaterThan(20);
  });

  test('name the same values in both languages', () => {
    const different = [...english].filter(([key, text]) => placeholders(text) !== placeholders(chinese.get(key) ?? ''));
    expect(different).toEqual([]);
  });

  test('are never empty', () => {
    const empty = languages.flatMap((language) =>
      [...leaves(messages[language])].flatMap(([key, text]) => (text.trim() === '' ? [`${language} ${key}`] : [])),
    );
    expect(empty).toEqual([]);
  });

  test('are written in their language', () => {
    // A language is named by its own name everywhere.
    const own = (key: string) => !key.startsWith('language.');
    expect([...english].filter(([key, text]) => own(key) && /\p{Script=Han}/u.test(text))).toEqual([]);
    // What is left without placeholders, names and codes has words, and they are Chinese.
    const words = (text: string) => text.replaceAll(/\{\w+\}|OpenVTM|[A-Z\d]+/g, '');
    const foreign = (text: string) => /\p{L}/u.test(words(text)) && !/\p{Script=Han}/u.test(text);
    expect([...chinese].filter(([key, text]) => own(key) && foreign(text))).toEqual([]);
  });
});

describe('the shared texts', () => {
  const keys = leaves(sharedMessages.en);
  const fieldProblems: Record<FieldProblem, true> = {
    'not-taken': true,
    missing: true,
    'too-long': true,
    'too-short': true,
    'too-little': true,
    'too-much': true,
    'not-as-asked': true,
    'not-a-name': true,
    'not-a-card-number': true,
    'not-a-credit-code': true,
    'not-an-amount': true,
    'not-an-address': true,
    'not-an-email': true,
    'not-a-phone': true,
    'not-an-id-number': true,
    'not-four-digits': true,
    'not-a-choice': true,
    'not-a-date': true,
    'not-past': true,
    'not-future': true,
  };
  const deviceProblems: Record<DeviceProblem, true> = {
    refused: true,
    missing: true,
    busy: true,
    asleep: true,
    insecure: true,
    unknown: true,
    background: true,
  };
  const documentStates = DocumentView.shape.state.options.map(({ shape }) => shape.at.value);

  test.for([
    ['error', [...ErrorCode.options, 'offline', 'ref']],
    ['refusal', Refusal.options],
    ['field', Object.keys(fieldProblems)],
    ['document', DocumentKind.options],
    ['documentState', documentStates],
    ['returnReason', ReturnReason.options],
    ['camera', CameraRole.options],
    ['device', Object.keys(deviceProblems)],
    ['endReason', EndReason.options],
    ['language', Language.options],
  ] as const)('have a word for every %s of the protocol, and none too many', ([group, names]) => {
    const given = [...keys.keys()]
      .filter((key) => key.startsWith(`${group}.`))
      .map((key) => key.slice(group.length + 1));
    expect(given.toSorted()).toEqual([...names].toSorted());
  });
});

/** What a person would read that no i18n file holds: plain text and attributes of a template, words inside an expression. */
function literalWords(template: SFCTemplateBlock): string[] {
  const READ_OUT = new Set([
    'title',
    'alt',
    'label',
    'placeholder',
    'aria-label',
    'aria-description',
    'aria-roledescription',
  ]);
  // TypeScript's `instanceof` cannot tell the compiler's plain nodes apart; their `type` numbers are its public enum.
  const [ELEMENT, TEXT, INTERPOLATION, ATTRIBUTE, DIRECTIVE] = [1, 2, 5, 6, 7];
  type Node = {
    type: number;
    tag?: string;
    content?: string | { content?: string };
    children?: Node[];
    props?: (Node & {
      name: string;
      value?: { content: string };
      exp?: { content: string };
      arg?: { content?: string };
    })[];
  };
  // The product's own name is the same in every language.
  const wordy = (text: string) => /\p{L}/u.test(text.replaceAll('OpenVTM', ''));
  const inQuotes = (expression: string) =>
    [...expression.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g)].map(([, a, b, c]) =>
      (a ?? b ?? c ?? '').replace(/\$\{[^}]*\}/g, ''),
    );
  // A key (`call.hangUp`) is no sentence; several words, or Chinese, are.
  const sentence = (text: string) => /\p{Script=Han}/u.test(text) || /\p{L}{2,}[\s,]+\p{L}{2,}/u.test(text);
  const visit = (node: Node): string[] => {
    // What a key is labelled with is no word.
    if (node.tag === 'kbd') return [];
    const found: string[] = [];
    if (node.type === TEXT && typeof node.content === 'string' && wordy(node.content)) found.push(node.content.trim());
    if (node.type === INTERPOLATION && typeof node.content === 'object') {
      found.push(...inQuotes(node.content.content ?? '').filter(sentence));
    }
    if (node.type === ELEMENT) {
      for (const prop of node.props ?? []) {
        if (prop.type === ATTRIBUTE && READ_OUT.has(prop.name) && wordy(prop.value?.content ?? '')) {
          found.push(`${prop.name}="${prop.value?.content}"`);
        }
        if (prop.type === DIRECTIVE && READ_OUT.has(prop.arg?.content ?? '')) {
          found.push(...inQuotes(prop.exp?.content ?? '').filter(sentence));
        }
      }
    }
    return [...found, ...(node.children ?? []).flatMap(visit)];
  };
  return visit(template.ast as unknown as Node);
}

const sourcesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue)$/.test(name) && !/\.test(-data)?\.ts$/.test(name))
    .map((name) => join(root, folder, name));
const templateOf = (source: string) => parse(source).descriptor.template;
const places = ['shared/ui/src', ...apps.map((app) => `${app}/src`)];

describe.for(places)('no words stand in the code of %s:', (place) => {
  const files = sourcesOf(place);

  test('not in templates', () => {
    const found = files
      .filter((file) => file.endsWith('.vue'))
      .flatMap((file) => {
        const template = templateOf(readFileSync(file, 'utf8'));
        return template ? literalWords(template).map((words) => `${relative(root, file)}: ${words}`) : [];
      });
    expect(files.length).toBeGreaterThan(0);
    expect(found).toEqual([]);
  });

  test('and no Chinese outside the texts', () => {
    const texts = /\/(i18n|messages)\//;
    // Punctuation that joins two texts, and a name in a comment, are no sentence.
    const chinese = /['"`>][^'"`<\n]*\p{Script=Han}/u;
    expect(files.filter((file) => !texts.test(file) && chinese.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  test('and every key that is asked for exists', () => {
    const app = apps.find((name) => place.startsWith(name));
    const known = new Set([...leaves(sharedMessages.en).keys(), ...(app ? leaves(all.get(app)!.en).keys() : [])]);
    const missing = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*(?:'([\w.-]+)'|`([\w.-]+)\$\{)/g)].flatMap(([, key, start]) => {
        const holds = key === undefined ? [...known].some((one) => one.startsWith(start ?? '')) : known.has(key);
        return holds ? [] : [`${relative(root, file)}: ${key ?? start}`];
      }),
    );
    expect(missing).toEqual([]);
  });
});

describe('the search for words notices', () => {
  test.for([
    '<template><p>Hello</p></template>',
    '<template><p>你好</p></template>',
    '<template><button aria-label="Close" /></template>',
    '<template><img alt="你好" /></template>',
    `<template><p>{{ ready ? 'Please wait' : t('a.b') }}</p></template>`,
    `<template><input :placeholder="'Your name'" /></template>`,
    '<template><div><section><i>deep</i></section></div></template>',
    '<template><p v-if="a">{{ t("x") }}</p><p v-else>Otherwise</p></template>',
  ])('%s', (source) => {
    expect(literalWords(templateOf(source)!)).not.toEqual([]);
  });

  test.for([
    '<template><p class="text big">{{ t("a.b") }}</p></template>',
    '<template><p>{{ a }} · {{ b }}</p></template>',
    '<template><button :aria-label="t(`help.${state}`)" data-testid="help-call">{{ 0 }}</button></template>',
  ])('and lets pass: %s', (source) => {
    expect(literalWords(templateOf(source)!)).toEqual([]);
  });
});
