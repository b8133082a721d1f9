import { randomUUID, webcrypto } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { kiosksSchema, openKiosks, type Kiosks } from './index.ts';

let fresh: TestDatabase;
let kiosks: Kiosks;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
let facts: Fact[];
let now: number;
const branchId = randomUUID();
const DAY = 24 * 3_600_000;

beforeEach(async () => {
  fresh = await testDatabase([kiosksSchema]);
  kiosks = openKiosks(fresh);
  facts = [];
  now = 1_000_000;
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
  await change((work) => kiosks.addBranch(work, { id: branchId, name: { 'zh-CN': '支行', en: 'Branch' } }));
});
afterEach(() => fresh.close());

const add = () => change((work) => kiosks.add(work, { name: 'Lobby', branchId }));
async function publicKey() {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const { x = '', y = '' } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  return { kty: 'EC', crv: 'P-256', x, y } as const;
}
const enrol = async (code: string) => {
  const key = await publicKey();
  return change((work) => kiosks.enrol(work, { code, publicKey: key }, async () => randomUUID()));
};

test('a code enrols as it is read out: in small letters, with spaces, without its dashes', async () => {
  for (const typed of [
    (code: string) => code.toLowerCase(),
    (code: string) => code.replaceAll('-', ' '),
    (code: string) => ` ${code.replaceAll('-', '')} `,
  ]) {
    const { kioskId, code } = await add();
    expect(await enrol(typed(code))).toEqual({
      kioskId,
      name: 'Lobby',
      kind: 'floor',
      branchId: expect.any(String),
      branch: { 'zh-CN': '支行', en: 'Branch' },
      readers: { idCard: 'none', bankCard: 'none' },
      printer: 'none',
    });
  }
});

test('of twenty devices that use a code at once, one is the kiosk', async () => {
  const { kioskId, code } = await add();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => enrol(code)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(facts.filter(({ kind }) => kind === 'kiosk.enrolled').map(({ about }) => about.kioskId)).toEqual([kioskId]);
});

test('a code lives a day and stands nowhere in the database', async () => {
  const { code, expiresAt } = await add();
  expect(expiresAt - now).toBe(DAY);
  const { rows } = await fresh.database.pool.query<{ row: string }>('select c::text as row from kiosks.code c');
  expect(rows.map(({ row }) => row).join()).not.toContain(code.replaceAll('-', ''));
  now += DAY;
  await expect(enrol(code)).rejects.toMatchObject({ code: 'expired' });
});

test('a kiosk that was never enrolled has no challenge, and old challenges are swept', async () => {
  const { kioskId, code } = await add();
  const challenge = () => change((work) => kiosks.challenge(work, kioskId));
  await expect(challenge()).rejects.toMatchObject({ code: 'wrong-credentials' });
  await enrol(code);
  const nonces = [await challenge(), await challenge()];
  expect(new Set(nonces).size).toBe(2);
  now += 61_000;
  await challenge();
  const { rowCount } = await fresh.database.pool.query('select nonce from kiosks.challenge');
  expect(rowCount).toBe(1);
});

test('a kiosk belongs to a branch that is there', async () => {
  const nowhere = change((work) => kiosks.add(work, { name: 'Lobby', branchId: randomUUID() }));
  await expect(nowhere).rejects.toMatchObject({ code: 'not-found' });
  expect(await kiosks.view(randomUUID())).toBeNull();
});
