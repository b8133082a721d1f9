import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INVITATION_MS, MOST_ATTENDED, SUPERVISION_MS, type ParticipantMode } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { openKeys } from '../../kernel/crypto.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { WAIT_FOR_LOST_MS } from './call-state.ts';
import { callsSchema, openCalls, type Calls } from './index.ts';

let fresh: TestDatabase;
let folder: string;
let calls: Calls;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
let facts: Fact[];
let now: number;
const [anna, bob, carl] = [randomUUID(), randomUUID(), randomUUID()];

beforeEach(async () => {
  fresh = await testDatabase([callsSchema]);
  folder = await mkdtemp(join(tmpdir(), 'calls-'));
  calls = openCalls({ database: fresh.database, keys: await openKeys(folder) });
  facts = [];
  now = 1_000_000;
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
});
afterEach(async () => {
  await fresh.close();
  await rm(folder, { recursive: true });
});

const start = async (staffId = anna) => {
  const call = { callId: randomUUID(), caseId: randomUUID(), kioskId: randomUUID(), staffId };
  await change((work) => calls.start(work, call));
  return call.callId;
};
const attend = (callId: string, staffId: string, mode: ParticipantMode = 'joined') =>
  change((work) => calls.attend(work, callId, { staffId, role: 'supervisor', mode, reason: 'quality' }));
const kinds = () => facts.splice(0).map(({ kind }) => kind);

test('hold begins once and ends once, by who leads the call only', async () => {
  const callId = await start();
  await change((work) => calls.hold(work, callId, anna));
  await change((work) => calls.hold(work, callId, anna));
  expect((await calls.byId(callId))?.heldAt).toBe(now);
  expect(kinds()).toEqual(['call.started', 'call.held']);
  await expect(change((work) => calls.resume(work, callId, bob))).rejects.toMatchObject({ code: 'not-found' });
  now += 5_000;
  await change((work) => calls.resume(work, callId, anna));
  await change((work) => calls.resume(work, callId, anna));
  expect(facts.splice(0)).toMatchObject([{ kind: 'call.resumed', data: { heldMs: 5_000 } }]);
  await change((work) => calls.end(work, callId, 'agent-ended'));
  await expect(change((work) => calls.hold(work, callId, anna))).rejects.toMatchObject({ code: 'wrong-state' });
});

test('how somebody is there changes in one stay, and to say the same again is to stay longer: each a fact of its own', async () => {
  const callId = await start();
  const came = now;
  for (const mode of ['listening', 'listening', 'whispering', 'joined'] as const) {
    await attend(callId, bob, mode);
    now += 60_000;
  }
  expect(kinds()).toEqual([
    'call.started',
    'call.participant-joined',
    'call.participant-renewed',
    'call.participant-changed',
    'call.participant-changed',
  ]);
  const until = came + 3 * 60_000 + SUPERVISION_MS;
  expect(await calls.attendants([callId])).toMatchObject([{ staffId: bob, mode: 'joined', since: came, until }]);
  expect(await calls.attendedBy(bob)).toMatchObject([{ callId }]);
});

test('every reason is kept, sealed, beside the fact that names it; who was asked in gives none', async () => {
  const callId = await start();
  const said = async (mode: ParticipantMode, reason: string | null, staffId = bob) => {
    await change((work) => calls.attend(work, callId, { staffId, role: 'supervisor', mode, reason }));
    now += 1_000;
  };
  await said('listening', "O'Neil’s complaint");
  await said('listening', 'still not settled');
  await said('joined', 'it must be said');
  await said('joined', null, carl);
  const reasons = await calls.reasonsOf([callId]);
  expect(reasons.map(({ staffId, mode, why }) => [staffId, mode, why])).toEqual([
    [bob, 'listening', "O'Neil’s complaint"],
    [bob, 'listening', 'still not settled'],
    [bob, 'joined', 'it must be said'],
  ]);
  expect(facts.slice(1).map(({ data }) => data?.['reasonId'])).toEqual([
    ...reasons.map(({ reasonId }) => reasonId),
    null,
  ]);
  expect(reasons.map(({ at }) => at)).toEqual([now - 4_000, now - 3_000, now - 2_000]);
  expect(JSON.stringify(facts)).not.toContain('Neil');
  const { rows } = await fresh.database.pool.query<{ words: Buffer }>('select words from calls.reason');
  expect(rows.map(({ words }) => words.toString('latin1')).join('')).not.toMatch(/Neil|settled|said/);
  await change((work) => calls.end(work, callId, 'agent-ended'));
  expect(await calls.reasonsOf([callId])).toHaveLength(3);
  expect(await calls.reasonsOf([await start()])).toEqual([]);
});

test('who comes unasked is out by the clock, joined or not, unless they say anew why; who was asked stays', async () => {
  const callId = await start();
  const ask = (staffId: string) =>
    change((work) => calls.attend(work, callId, { staffId, role: 'supervisor', mode: 'joined', reason: null }));
  await attend(callId, bob, 'joined');
  await ask(carl);
  now += SUPERVISION_MS - 1;
  expect(await calls.overdueAttendants(now)).toEqual([]);
  expect(await calls.overdueAttendants(now + 1)).toMatchObject([{ staffId: bob, reason: 'time-is-up' }]);
  await attend(callId, bob, 'joined');
  // To say why changes nothing for who was asked.
  await attend(callId, carl, 'joined');
  expect(await calls.overdueAttendants(now + SUPERVISION_MS - 1)).toEqual([]);
  expect(await calls.overdueAttendants(now + SUPERVISION_MS)).toMatchObject([{ staffId: bob, reason: 'time-is-up' }]);
  kinds();
  // Who is asked in later stays from then on; asked twice is nothing new.
  await ask(bob);
  await ask(bob);
  expect(kinds()).toEqual(['call.participant-renewed']);
  expect(await calls.overdueAttendants(now + 10 * SUPERVISION_MS)).toEqual([]);
});

test('one listens to some calls at once, and speaks in one', async () => {
  const all = [];
  for (let i = 0; i <= MOST_ATTENDED; i += 1) all.push(await start(randomUUID()));
  const [first = '', ...rest] = all;
  for (const callId of all.slice(0, MOST_ATTENDED)) await attend(callId, bob, 'listening');
  await expect(attend(rest.at(-1) ?? '', bob, 'listening')).rejects.toMatchObject({ code: 'wrong-state' });
  await expect(attend(first, bob, 'joined')).rejects.toMatchObject({ code: 'wrong-state' });
  const own = await start(carl);
  await expect(attend(first, carl, 'listening')).rejects.toMatchObject({ code: 'wrong-state' });
  await expect(attend(own, carl, 'listening')).rejects.toMatchObject({ code: 'wrong-state' });
});

test('attending unasked ends by the clock, and so does a stay whose line is down', async () => {
  const callId = await start();
  await attend(callId, bob, 'listening');
  await attend(callId, carl, 'joined');
  await change((work) => calls.participantLost(work, { staffId: carl }));
  expect(await calls.overdueAttendants(now + WAIT_FOR_LOST_MS - 1)).toEqual([]);
  expect(await calls.overdueAttendants(now + WAIT_FOR_LOST_MS)).toMatchObject([{ staffId: carl, reason: 'line-lost' }]);
  await change((work) => calls.participantBack(work, { staffId: carl }));
  const due = await calls.overdueAttendants(now + SUPERVISION_MS);
  expect(new Set(due.map(({ staffId, reason }) => `${staffId} ${reason}`))).toEqual(
    new Set([`${bob} time-is-up`, `${carl} time-is-up`]),
  );
});

test('the lead goes to who has joined and is here, and takes the customer out of hold', async () => {
  const callId = await start();
  const pass = (to: string) => change((work) => calls.passLead(work, callId, { from: anna, to, how: 'passed' }));
  await expect(pass(bob)).rejects.toMatchObject({ code: 'wrong-state' });
  await attend(callId, bob, 'listening');
  await expect(pass(bob)).rejects.toMatchObject({ code: 'wrong-state' });
  await attend(callId, bob, 'joined');
  await change((work) => calls.hold(work, callId, anna));
  expect(await pass(bob)).toMatchObject({ staffId: bob, heldAt: null });
  expect(await calls.activeOf({ staffId: bob })).toMatchObject({ callId, heldAt: null });
  expect(await calls.activeOf({ staffId: anna })).toBeNull();
  expect(await calls.attendants([callId])).toEqual([]);
  await expect(pass(bob)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('the end of a call sends everybody home and takes back what was asked', async () => {
  const callId = await start();
  await attend(callId, bob);
  await change((work) => calls.invite(work, callId, { from: anna, to: carl, note: '' }));
  facts = [];
  expect(await change((work) => calls.end(work, callId, 'agent-ended'))).toMatchObject({ others: [bob] });
  expect(kinds()).toEqual(['call.participant-left', 'call.invitation-ended', 'call.ended']);
  expect(await calls.invitationsFor({ staffId: carl, supervisor: true })).toEqual([]);
  expect(await calls.attendedBy(bob)).toEqual([]);
});

test('an invitation is for whom it names, once, until its deadline; its note is sealed', async () => {
  const callId = await start();
  const invite = () => change((work) => calls.invite(work, callId, { from: anna, to: bob, note: "O'Neil’s form" }));
  const answer = (staffId: string, comes: boolean, id: string) =>
    change((work) => calls.answerInvitation(work, id, { staffId, supervisor: false, comes }));
  const id = await invite();
  expect(await invite()).toBe(id);
  expect(await calls.invitationsFor({ staffId: bob, supervisor: false })).toMatchObject([{ note: "O'Neil’s form" }]);
  expect(await calls.invitationsFor({ staffId: carl, supervisor: true })).toEqual([]);
  await expect(answer(carl, true, id)).rejects.toMatchObject({ code: 'not-found' });
  expect(await answer(bob, false, id)).toEqual({ callId, kind: 'expert' });
  await expect(answer(bob, true, id)).rejects.toMatchObject({ code: 'expired' });
  expect(await calls.invitationsOf([callId], now)).toMatchObject([{ state: 'declined' }]);
  const late = await invite();
  now += INVITATION_MS;
  await expect(answer(bob, true, late)).rejects.toMatchObject({ code: 'expired' });
  await change((work) => calls.expireInvitations(work));
  expect(await calls.invitationsOf([callId], now)).toMatchObject([{ state: 'declined' }, { state: 'expired' }]);
  expect(JSON.stringify(facts)).not.toContain('Neil');
});

test('any supervisor may answer a call for help; one who cannot leaves it to the others', async () => {
  const callId = await start();
  const id = await change((work) => calls.invite(work, callId, { from: anna, to: null, note: '' }));
  const answer = (staffId: string, how: { supervisor: boolean; comes: boolean }) =>
    change((work) => calls.answerInvitation(work, id, { staffId, ...how }));
  await expect(answer(bob, { supervisor: false, comes: true })).rejects.toMatchObject({ code: 'not-found' });
  await expect(answer(anna, { supervisor: true, comes: true })).rejects.toMatchObject({ code: 'not-found' });
  await answer(bob, { supervisor: true, comes: false });
  expect(await calls.invitationsFor({ staffId: carl, supervisor: true })).toHaveLength(1);
  const answers = await Promise.allSettled(
    [bob, carl].map((staffId) => answer(staffId, { supervisor: true, comes: true })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
