import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { keysFrom } from '../../kernel/crypto.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { callbacksSchema, openCallBacks, type CallBacks } from './index.ts';

let fresh: TestDatabase;
let callbacks: CallBacks;
let facts: Fact[];
let now: number;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
const [ticketId, caseId, branchId, staffId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const PHONE = '13800138000';
const UNTIL = 5_000;

beforeEach(async () => {
  fresh = await testDatabase([callbacksSchema]);
  callbacks = openCallBacks({ database: fresh.database, keys: keysFrom(Buffer.alloc(32, 9)) });
  now = 1_000;
  facts = [];
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
});
afterEach(() => fresh.close());

const ask = () => change((work) => callbacks.ask(work, { ticketId, caseId, branchId, phone: PHONE, until: UNTIL }));
const called = (reached: boolean, at = branchId) =>
  change((work) => callbacks.called(work, { staffId, branchId: at }, { ticketId, reached }));
const back = () => change((work) => callbacks.back(work, caseId));
const expire = () => change((work) => callbacks.expire(work, caseId));
const rows = async () =>
  (await fresh.database.pool.query<{ state: string; phone: Buffer | null }>('select * from callbacks.call_back')).rows;
const kinds = () => facts.map(({ kind }) => kind);

test('the branch has the number, another has not, and it is plain neither in the table nor in the facts', async () => {
  await ask();
  expect((await callbacks.ofBranch(branchId)).get(ticketId)?.phone.open()).toBe(PHONE);
  expect((await callbacks.ofBranch(randomUUID())).size).toBe(0);
  const [row] = await rows();
  expect(row?.phone?.includes(PHONE)).toBe(false);
  expect(JSON.stringify(facts)).not.toContain(PHONE);
});

test('that somebody called is kept, and said again when a second call reaches the customer', async () => {
  await ask();
  now += 10;
  await called(false);
  expect((await callbacks.ofBranch(branchId)).get(ticketId)).toMatchObject({ calledAt: 1_010, reached: false });
  now += 10;
  await called(true);
  expect((await callbacks.ofBranch(branchId)).get(ticketId)).toMatchObject({ calledAt: 1_020, reached: true });
  await expect(called(true, randomUUID())).rejects.toMatchObject({ code: 'not-found' });
  expect(facts.map(({ kind, data }) => [kind, data?.['reached']])).toEqual([
    ['callback.asked', undefined],
    ['callback.called', false],
    ['callback.called', true],
  ]);
});

test('who is back is called no more, and may ask again with the same ticket', async () => {
  await ask();
  await called(true);
  await back();
  await back();
  expect(await callbacks.asked()).toEqual([]);
  expect(await rows()).toMatchObject([{ state: 'back', phone: null }]);
  await expect(called(true)).rejects.toMatchObject({ code: 'wrong-state' });
  await ask();
  expect((await callbacks.ofBranch(branchId)).get(ticketId)).toMatchObject({ calledAt: null, reached: null });
});

test('when the kept time is over the number is erased once, and not of who is back', async () => {
  await ask();
  expect(await callbacks.asked()).toEqual([caseId]);
  await expire();
  await expire();
  expect(await callbacks.asked()).toEqual([]);
  expect(await rows()).toMatchObject([{ state: 'expired', phone: null }]);
  expect(kinds()).toEqual(['callback.asked', 'callback.expired']);
  await ask();
  await back();
  await expire();
  expect(await rows()).toMatchObject([{ state: 'back', phone: null }]);
});

test('a case that is over takes the number with it', async () => {
  await ask();
  await change((work) => callbacks.end(work, caseId));
  expect(await rows()).toMatchObject([{ state: 'ended', phone: null }]);
});

test('the database keeps no number without a reason', async () => {
  await ask();
  const leftBehind = fresh.database.pool.query(`update callbacks.call_back set state = 'expired'`);
  await expect(leftBehind).rejects.toThrow('call_back_keeps_no_number_in_vain');
});
