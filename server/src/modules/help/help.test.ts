import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { helpSchema, openHelp, type Help } from './index.ts';

let fresh: TestDatabase;
let help: Help;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
let facts: Fact[];
const [kioskId, branchId, staffId] = [randomUUID(), randomUUID(), randomUUID()];

beforeEach(async () => {
  fresh = await testDatabase([helpSchema]);
  help = openHelp(fresh);
  facts = [];
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => 7_000 }).bySystem;
});
afterEach(() => fresh.close());

const call = () => change((work) => help.call(work, { kioskId, branchId }));
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
