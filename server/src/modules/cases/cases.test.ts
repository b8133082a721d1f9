import { randomUUID } from 'node:crypto';
import { Service } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { keysFrom } from '../../kernel/crypto.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { casesSchema, openCases, type Cases } from './index.ts';

const words = (text: string) => ({ 'zh-CN': text, en: text });
const control = (name: string) => ({ type: 'Control', scope: `#/properties/${name}` });
const service = Service.parse({
  id: 'a-service',
  listed: true,
  order: 1,
  icon: 'card',
  category: 'cards',
  audience: 'personal',
  where: ['agent'],
  title: words('A service'),
  summary: words('One'),
  keywords: { 'zh-CN': [], en: [] },
  minutes: 5,
  priority: 3,
  skills: {},
  languages: ['en'],
  consent: { version: 'v2', text: words('Yes?') },
  form: {
    schema: {
      type: 'object',
      properties: {
        first: { type: 'string', label: words('first'), class: 'C1' },
        phone: { type: 'string', format: 'phone', label: words('phone'), class: 'C2' },
        last: { type: 'string', label: words('last'), class: 'C1' },
      },
      required: [],
    },
    ui: {
      type: 'Categorization',
      elements: [{ type: 'Category', label: words('All'), elements: ['first', 'phone', 'last'].map(control) }],
    },
  },
  steps: [
    { kind: 'consent' },
    { kind: 'form' },
    { kind: 'identify', id: 'who', title: words('Who'), script: words('Who?') },
    { kind: 'rate' },
  ],
});

let fresh: TestDatabase;
let cases: Cases;
let facts: Fact[];
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
const kioskId = randomUUID();

beforeEach(async () => {
  fresh = await testDatabase([casesSchema]);
  cases = openCases({
    database: fresh.database,
    keys: keysFrom(Buffer.alloc(32, 3)),
    services: { get: () => service, offers: () => true },
  });
  facts = [];
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => 5_000 }).bySystem;
});
afterEach(() => fresh.close());

const start = async () =>
  (await change((work) => cases.start(work, { kioskId, serviceId: service.id, language: 'en', print: 'normal' })))
    .caseId;
const atForm = async () => {
  const caseId = await start();
  await change((work) => cases.consent(work, caseId, 'v2'));
  return caseId;
};
const fill = (caseId: string, name: string, value: string) =>
  change((work) => cases.fill(work, caseId, { name, value, by: 'customer' }));

test('what a customer agreed to is kept word for word, in the language it was read in, with its version', async () => {
  const caseId = await start();
  await expect(change((work) => cases.consent(work, caseId, 'v1'))).rejects.toMatchObject({ code: 'wrong-state' });
  await change((work) => cases.consent(work, caseId, 'v2'));
  expect(facts.find(({ kind }) => kind === 'case.consented')?.data).toMatchObject({
    version: 'v2',
    language: 'en',
    words: service.consent.text.en,
  });
});

test("values come in the form's order, plain for the kiosk and masked for the desk where their class says so", async () => {
  const caseId = await atForm();
  await fill(caseId, 'last', 'z');
  await fill(caseId, 'phone', '13800138000');
  await fill(caseId, 'first', 'a');
  expect((await cases.kioskView(kioskId))?.values).toEqual([
    { name: 'first', value: 'a', origin: 'customer', revision: expect.any(Number), changed: null },
    { name: 'phone', value: '13800138000', origin: 'customer', revision: expect.any(Number), changed: null },
    { name: 'last', value: 'z', origin: 'customer', revision: expect.any(Number), changed: null },
  ]);
  const desk = await cases.deskView(caseId);
  expect(desk?.values.map(({ shown, masked }) => [shown, masked])).toEqual([
    ['a', false],
    ['•••••••8000', true],
    ['z', false],
  ]);
  expect((await cases.known(caseId)).map(({ shown }) => shown)).toEqual(['a', '•••••••8000', 'z']);
});

test('every value keeps who entered it, when, and its class, also through a change that the customer takes back', async () => {
  const caseId = await atForm();
  await change((work) => cases.fill(work, caseId, { name: 'first', value: 'a', by: 'customer', origin: 'reader' }));
  const kept = async () =>
    (
      await fresh.database.pool.query(
        'select name, class, origin, entered_by, entered_at::int from cases.value order by name',
      )
    ).rows;
  const asRead = [{ name: 'first', class: 'C1', origin: 'reader', entered_by: 'customer', entered_at: 5_000 }];
  expect(await kept()).toEqual(asRead);
  await change((work) => cases.joinQueue(work, caseId));
  await change((work) => cases.serve(work, caseId));
  const staffId = randomUUID();
  for (const value of ['b', 'c'])
    await change((work) => cases.correct(work, caseId, { name: 'first', value, seen: Infinity, staffId }));
  expect(await kept()).toMatchObject([{ origin: 'agent', entered_by: staffId }]);
  await change((work) => cases.settle(work, caseId, { name: 'first', agreed: false, seen: Infinity }));
  expect(await kept()).toEqual(asRead);
  // Class C3 is refused by the database itself.
  await expect(fresh.database.pool.query(`update cases.value set class = 'C3'`)).rejects.toThrow('never_c3');
});

test('a sealed value opens in its own case and field only', async () => {
  const caseId = await atForm();
  await fill(caseId, 'first', 'a');
  await fresh.database.pool.query(`update cases.value set name = 'last'`);
  await expect(cases.kioskView(kioskId)).rejects.toThrow('unable to authenticate');
});

test('a value is revealed with a reason that the journal keeps, and the value does not stand there', async () => {
  const caseId = await atForm();
  await fill(caseId, 'phone', '13800138000');
  const reveal = (name: string) => change((work) => cases.reveal(work, caseId, { name, reason: 'customer-asks' }));
  expect(await reveal('phone')).toBe('13800138000');
  await expect(reveal('first')).rejects.toMatchObject({ code: 'not-found' });
  expect(facts.filter(({ kind }) => kind === 'case.revealed')).toEqual([
    { kind: 'case.revealed', about: { caseId, kioskId }, data: { field: 'phone', reason: 'customer-asks' } },
  ]);
  expect(JSON.stringify(facts)).not.toContain('8000');
});

test("another kiosk's case is not found, nor one that is not there", async () => {
  const caseId = await start();
  await expect(change((work) => cases.ofKiosk(work, randomUUID(), caseId))).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(change((work) => cases.ofKiosk(work, kioskId, randomUUID()))).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('a kiosk has one open case: the next one closes it', async () => {
  const first = await start();
  const second = await start();
  expect((await cases.kioskView(kioskId))?.caseId).toBe(second);
  expect(facts.find(({ kind }) => kind === 'case.closed')).toMatchObject({
    about: { caseId: first },
    data: { from: 'consent', reason: 'replaced' },
  });
});

test('a step is ticked once however often it is ticked, and an unknown one is not found', async () => {
  const caseId = await atForm();
  const tick = (step: string, done: boolean) =>
    change((work) => cases.tick(work, caseId, { step, done, staffId: randomUUID() }));
  await tick('who', true);
  await tick('who', true);
  expect((await cases.deskView(caseId))?.ticked).toEqual(['who']);
  await tick('who', false);
  expect((await cases.deskView(caseId))?.ticked).toEqual([]);
  await expect(tick('nothing', true)).rejects.toMatchObject({ code: 'not-found' });
});

test('a closed case stays as it is: nothing is entered, ticked, presented or rated, and closing it again is nothing', async () => {
  const caseId = await atForm();
  await change((work) => cases.close(work, caseId, 'idle'));
  const before = facts.length;
  const wrong = { code: 'wrong-state' };
  await expect(fill(caseId, 'first', 'a')).rejects.toMatchObject(wrong);
  await expect(
    change((work) => cases.present(work, caseId, { language: 'zh-CN', print: 'large' })),
  ).rejects.toMatchObject(wrong);
  await expect(change((work) => cases.rate(work, caseId, 5))).rejects.toMatchObject(wrong);
  await expect(change((work) => cases.propose(work, caseId, 'x'))).rejects.toMatchObject(wrong);
  await expect(
    change((work) => cases.tick(work, caseId, { step: 'who', done: true, staffId: randomUUID() })),
  ).rejects.toMatchObject(wrong);
  await change((work) => cases.close(work, caseId, 'cancelled'));
  expect(facts).toHaveLength(before);
  expect(await cases.kioskView(kioskId)).toBeNull();
});
