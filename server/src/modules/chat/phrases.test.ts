import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readPhrases } from './phrases.ts';

const text = { 'zh-CN': '字', en: 'words' };
const right = { agent: [{ id: 'hello', text }], customer: [{ id: 'yes', text }] };
async function file(content: unknown): Promise<URL> {
  const path = join(await mkdtemp(join(tmpdir(), 'phrases-')), 'ours.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return pathToFileURL(path);
}

test('the shipped phrases are there, and a customer’s answers among them; a bank’s own take their place', async () => {
  const { customer } = await readPhrases(null);
  expect(customer.map(({ id }) => id)).toEqual(expect.arrayContaining(['yes', 'no', 'repeat', 'cannot-hear']));
  expect(await readPhrases(await file(right))).toEqual(right);
});

test.for<[what: string, content: unknown, said: RegExp]>([
  ['no JSON', '{ "agent": ', /line \d+: not JSON/],
  ['no list of the customer', { agent: right.agent }, /customer/],
  ['an empty list', { ...right, customer: [] }, /line \d+, customer/],
  ['a missing translation', { ...right, agent: [{ id: 'hello', text: { en: 'x' } }] }, /agent\.0\.text\.zh-CN/],
  ['an unknown key', { ...right, colour: 'red' }, /unknown key colour/],
  ['an id with blanks', { ...right, agent: [{ id: 'Hello there', text }] }, /line \d+, agent\.0\.id/],
  ['two of one name', { ...right, agent: [...right.agent, ...right.agent] }, /agent\.1\.id: hello is there already/],
  [
    'a phrase as long as a letter',
    { ...right, agent: [{ id: 'hello', text: { ...text, en: 'x'.repeat(501) } }] },
    /longer/,
  ],
])('%s stops the start with file, line and field', async ([, content, said]) => {
  const words = await readPhrases(await file(content)).then(
    () => 'taken',
    (error: Error) => error.message,
  );
  expect(words).toMatch(said);
  expect(words).toContain('phrase file ours.json');
});
