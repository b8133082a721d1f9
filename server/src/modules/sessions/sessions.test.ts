import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { keysFrom } from '../../kernel/crypto.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { openSessions, sessionsSchema, type Sessions } from './index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let fresh: TestDatabase;
let sessions: Sessions;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
let facts: Fact[];
let now: number;
const keys = keysFrom(Buffer.alloc(32, 5));
const staffId = randomUUID();

beforeEach(async () => {
  fresh = await testDatabase([sessionsSchema]);
  now = 1_700_000_000_000;
  sessions = openSessions({ database: fresh.database, keys, clock: () => now });
  facts = [];
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
});
afterEach(() => fresh.close());

const open = (kind: 'staff' | 'kiosk' = 'staff') => change((work) => sessions.open(work, { kind, id: staffId }));
const issue = (sessionId: string) => change((work) => sessions.issue(work, sessionId));

test('a token speaks for its subject and session for five minutes', async () => {
  const sessionId = await open();
  const { accessToken, expiresAt } = await issue(sessionId);
  expect(expiresAt - now).toBe(5 * MINUTE);
  expect(await sessions.verify(accessToken)).toEqual({ kind: 'staff', id: staffId, sessionId });
  now += 5 * MINUTE - 1;
  expect(await sessions.verify(accessToken)).not.toBeNull();
  now += 1;
  expect(await sessions.verify(accessToken)).toBeNull();
});

test('a token signed with the right key but for another purpose, issuer or audience is none', async () => {
  const sessionId = await open();
  const key = keys.derive('access-tokens');
  const token = (change: { typ?: string; issuer?: string; audience?: string; kind?: string; sub?: string }) => {
    const claims = new SignJWT({ kind: change.kind ?? 'staff', sid: sessionId })
      .setProtectedHeader({ alg: 'HS256', typ: change.typ ?? 'at+jwt' })
      .setIssuer(change.issuer ?? 'openvtm')
      .setAudience(change.audience ?? 'openvtm-line')
      .setExpirationTime(Math.floor(now / 1000) + 60);
    return (change.sub === '' ? claims : claims.setSubject(change.sub ?? staffId)).sign(key);
  };
  expect(await sessions.verify(await token({}))).toMatchObject({ id: staffId });
  for (const wrong of [{ typ: 'JWT' }, { issuer: 'x' }, { audience: 'x' }, { kind: 'system' }, { sub: '' }]) {
    expect([wrong, await sessions.verify(await token(wrong))]).toEqual([wrong, null]);
  }
});

test('a session of staff lasts twelve hours, a token never outlives it, and a revoked one gives none', async () => {
  const sessionId = await open();
  now += 12 * HOUR - MINUTE;
  const { expiresAt } = await issue(sessionId);
  expect(expiresAt - now).toBe(MINUTE);
  now += MINUTE;
  await expect(issue(sessionId)).rejects.toMatchObject({ code: 'expired' });
  const other = await open();
  await change((work) => sessions.revoke(work, { id: other }, 'signed-out'));
  await expect(issue(other)).rejects.toMatchObject({ code: 'expired' });
  await expect(issue(randomUUID())).rejects.toMatchObject({ code: 'expired' });
});

test('of many sessions those are live that were not revoked and have not run out', async () => {
  const [mine, gone, kiosk] = [await open(), await open(), await open('kiosk')];
  await change((work) => sessions.revoke(work, { id: gone }, 'signed-out'));
  expect(await sessions.stillLive([mine, gone, kiosk, randomUUID()])).toEqual(new Set([mine, kiosk]));
  expect(await sessions.stillLive([])).toEqual(new Set());
  now += 13 * HOUR;
  expect(await sessions.stillLive([mine, gone, kiosk])).toEqual(new Set([kiosk]));
});

test("revoking a subject ends all of its sessions of that kind and nobody else's, once", async () => {
  const [one, two, kiosk] = [await open(), await open(), await open('kiosk')];
  const revoke = () => change((work) => sessions.revoke(work, { kind: 'staff', subjectId: staffId }, 'left'));
  await revoke();
  await revoke();
  expect(await sessions.stillLive([one, two, kiosk])).toEqual(new Set([kiosk]));
  expect(facts.filter(({ kind }) => kind === 'session.revoked')).toHaveLength(2);
});

test('of twenty who trade a refresh token at once all are served, and no token stands in the database', async () => {
  const sessionId = await open();
  const refresh = await change((work) => sessions.issueRefresh(work, sessionId));
  const traded = await Promise.all(Array.from({ length: 20 }, () => change((work) => sessions.rotate(work, refresh))));
  expect(traded.every((one) => one?.sessionId === sessionId)).toBe(true);
  const given = traded.map((one) => one?.refresh ?? '');
  expect(new Set(given).size).toBe(20);
  const { rows } = await fresh.database.pool.query<{ row: string }>('select r::text as row from sessions.refresh r');
  const stored = rows.map(({ row }) => row).join();
  expect([refresh, ...given].filter((one) => stored.includes(one))).toEqual([]);
});
