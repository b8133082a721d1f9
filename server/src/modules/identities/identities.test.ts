import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { keysFrom } from '../../kernel/crypto.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { CODE_LIVES_MS, identitiesSchema, openIdentities, SEND_AGAIN_MS, type Identities } from './index.ts';

let fresh: TestDatabase;
let identities: Identities;
let facts: Fact[];
let now: number;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
const caseId = randomUUID();

beforeEach(async () => {
  fresh = await testDatabase([identitiesSchema]);
  identities = openIdentities({ database: fresh.database, keys: keysFrom(Buffer.alloc(32, 9)) });
  now = 1_000_000;
  facts = [];
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
});
afterEach(() => fresh.close());

const send = () => change((work) => identities.newCode(work, { caseId, customerId: 'C-1', sentTo: '8000' }));
const check = (code: string) => change((work) => identities.check(work, caseId, code));
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const code = (name: string) => expect.objectContaining({ code: name });

test('the right code holds once, and says whose it is', async () => {
  const sent = await send();
  expect(sent).toMatch(/^\d{6}$/);
  expect(await identities.of(caseId)).toEqual({
    customerId: 'C-1',
    sentTo: '8000',
    sentAt: now,
    expiresAt: now + CODE_LIVES_MS,
    triesLeft: 3,
  });
  expect(await check(sent)).toEqual({ held: true, customerId: 'C-1', vip: false });
  await expect(check(sent)).rejects.toEqual(code('expired'));
});

test('three wrong tries end it, also for the right code after them, and at once from several sides', async () => {
  const sent = await send();
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => check(other(sent))));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  await expect(check(sent)).rejects.toEqual(code('expired'));
  expect(facts.filter(({ kind }) => kind === 'identity.code-wrong').map(({ data }) => data?.['triesLeft'])).toEqual([
    2, 1, 0,
  ]);
});

test('a code dies of age, and a new one in place of it is not sent at once nor endlessly', async () => {
  const first = await send();
  await expect(send()).rejects.toEqual(code('wrong-state'));
  now += SEND_AGAIN_MS;
  const second = await send();
  // Once in a million both are alike.
  expect(await check(first === second ? other(second) : first)).toMatchObject({ held: false });
  now += CODE_LIVES_MS;
  await expect(check(second)).rejects.toEqual(code('expired'));
  for (let i = 0; i < 3; i += 1) {
    await send();
    now += SEND_AGAIN_MS;
  }
  await expect(send()).rejects.toEqual(code('locked-out'));
});

test('who is asked for too often is asked for no longer', async () => {
  for (let i = 0; i < 10; i += 1) await change((work) => identities.lookUp(work, caseId));
  await expect(change((work) => identities.lookUp(work, caseId))).rejects.toEqual(code('locked-out'));
  await change((work) => identities.lookUp(work, randomUUID()));
});

test('the code is on disk sealed only, and in no fact', async () => {
  const sent = await send();
  const { rows } = await fresh.database.pool.query(
    'select case_id, customer_id, sent_to, encode(sealed, $1) as sealed from identities.code',
    ['escape'],
  );
  expect(JSON.stringify([rows, facts])).not.toContain(sent);
});
