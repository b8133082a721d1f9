import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeys } from '../../kernel/crypto.ts';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { helpSchema, NOTICED_MS, OFFER_AFTER_NO_MS, OFFER_AGAIN_MS, openHelp, type Help, type Stood } from './index.ts';

let fresh: TestDatabase;
let folder: string;
let help: Help;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
let facts: Fact[];
let now: number;
const [kioskId, branchId, staffId] = [randomUUID(), randomUUID(), randomUUID()];

beforeEach(async () => {
  fresh = await testDatabase([helpSchema]);
  folder = await mkdtemp(join(tmpdir(), 'help-'));
  help = openHelp({ database: fresh.database, keys: await openKeys(folder) });
  facts = [];
  now = 7_000;
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
});
afterEach(async () => {
  await fresh.close();
  await rm(folder, { recursive: true });
});

const nowhere: Stood = { caseId: null, at: 'choosing', serviceId: null, step: null, field: null };
const inForm: Stood = { caseId: randomUUID(), at: 'alone', serviceId: 'a-service', step: 'form', field: 'idNumber' };
const call = () => change((work) => help.call(work, { kioskId, branchId }, nowhere));
const notice = (stood = inForm) =>
  change((work) => help.notice(work, { kioskId, branchId }, { why: 'field-problems', ...stood }));
const answer = (helpId: string, who = { staffId, branchId }) => change((work) => help.answer(work, who, helpId));

test('a kiosk has one open call, which its branch sees until it is closed', async () => {
  const helpId = await call();
  expect(await call()).toBe(helpId);
  expect(await help.ofBranch(branchId)).toMatchObject([{ helpId, kioskId, state: 'called', calledAt: 7_000 }]);
  expect(await help.ofBranch(randomUUID())).toEqual([]);
  await answer(helpId);
  expect(await help.ofKiosk(kioskId)).toMatchObject({ state: 'coming', staffId });
  await change((work) => help.close(work, { branchId }, helpId));
  await change((work) => help.close(work, { branchId }, helpId));
  expect(await help.ofKiosk(kioskId)).toBeNull();
  expect(facts.map(({ kind }) => kind)).toEqual(['help.called', 'help.coming', 'help.closed']);
  expect(await call()).not.toBe(helpId);
});

test('one comes: a second colleague is told so, the first may say it again', async () => {
  const helpId = await call();
  await answer(helpId);
  await answer(helpId);
  await expect(answer(helpId, { staffId: randomUUID(), branchId })).rejects.toMatchObject({ code: 'wrong-state' });
  expect(facts.filter(({ kind }) => kind === 'help.coming')).toHaveLength(1);
});

test('another branch and another kiosk do not reach it', async () => {
  const helpId = await call();
  const notFound = { code: 'not-found' };
  await expect(answer(helpId, { staffId, branchId: randomUUID() })).rejects.toMatchObject(notFound);
  await expect(change((work) => help.close(work, { branchId: randomUUID() }, helpId))).rejects.toMatchObject(notFound);
  await expect(change((work) => help.cancel(work, { kioskId: randomUUID() }, helpId))).rejects.toMatchObject(notFound);
  await expect(answer(randomUUID())).rejects.toMatchObject(notFound);
});

test('what a kiosk notices is on the list with why and where, and goes by itself when the customer gets on', async () => {
  const helpId = await notice();
  expect(await help.ofBranch(branchId)).toMatchObject([
    { helpId, state: 'noticed', why: 'field-problems', stood: { step: 'form', field: 'idNumber' } },
  ]);
  expect(await notice()).toBeNull();
  await change((work) => help.wentOn(work, kioskId));
  await change((work) => help.wentOn(work, kioskId));
  expect(await help.ofBranch(branchId)).toEqual([]);
  expect(facts.map(({ kind, data }) => [kind, data?.['by']])).toEqual([
    ['help.noticed', undefined],
    ['help.closed', 'went-on'],
  ]);
});

test('help is not offered again too soon: later after a "no thank you", at once to the next customer', async () => {
  const helpId = await notice();
  await change((work) => help.wentOn(work, kioskId));
  now += OFFER_AGAIN_MS - 1;
  expect(await notice()).toBeNull();
  expect(await notice({ ...inForm, caseId: randomUUID() })).not.toBeNull();
  await change((work) => help.left(work, kioskId));
  now += 1;
  const second = await notice();
  expect(second).not.toBe(helpId);
  await change((work) => help.cancel(work, { kioskId }, second ?? ''));
  now += OFFER_AFTER_NO_MS - 1;
  expect(await notice()).toBeNull();
  now += 1;
  expect(await notice()).not.toBeNull();
});

test('a customer who asks after being noticed is one line on the list, and is not taken off it by getting on', async () => {
  const helpId = await notice();
  expect(await call()).toBe(helpId);
  await change((work) => help.wentOn(work, kioskId));
  await change((work) => help.left(work, kioskId));
  expect(await help.ofKiosk(kioskId)).toMatchObject({ state: 'called', why: 'field-problems' });
});

test('staff may go before they are asked: then getting on ends nothing, leaving does', async () => {
  const helpId = (await notice()) ?? '';
  await answer(helpId);
  await change((work) => help.wentOn(work, kioskId));
  expect(await help.ofKiosk(kioskId)).toMatchObject({ state: 'coming', staffId });
  await change((work) => help.left(work, kioskId));
  expect(await help.ofKiosk(kioskId)).toBeNull();
});

test('what nobody took up goes in the end', async () => {
  await notice();
  now += NOTICED_MS;
  await change((work) => help.sweep(work));
  expect(await help.ofKiosk(kioskId)).not.toBeNull();
  now += 1;
  await change((work) => help.sweep(work));
  expect(await help.ofKiosk(kioskId)).toBeNull();
});
