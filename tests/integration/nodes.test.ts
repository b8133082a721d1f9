import type { CallId } from '@openvtm/protocol';
import { expect, test, vi } from 'vitest';
import { startApp } from '../../server/src/app.ts';
import { DEMO_PASSWORD } from '../../server/src/flows/seed-demo.ts';
import { createLog } from '../../server/src/kernel/log.ts';
import { microphoneParameters } from '../media/lab/parameters.ts';
import { freePorts } from '../ports.ts';
import { addLabKiosk, secondTab, type LabKiosk } from './lab/kiosk.ts';
import { twoNodes, type TwoNodes } from './lab/nodes.ts';
import { signInLabStaff, type LabStaff } from './lab/staff.ts';
import { joinQueue, ringing, startCall } from './lab/stories.ts';

async function callAcross() {
  const two = await twoNodes();
  const kiosk = await two.lab.kiosk(1);
  const agent = await two.b.staff('li.na');
  await agent.must('queue:ready', {});
  const { caseId } = await joinQueue(kiosk);
  const offer = await ringing(agent);
  return { ...two, kiosk, agent, caseId, offer };
}
const port = (joined: { send: { iceCandidates: { port?: unknown }[] } }) => joined.send.iceCandidates[0]?.port;

test('a kiosk of one node is served by an agent of the other, and each sees at once what the other does', async () => {
  const { kiosk, agent, offer, caseId } = await callAcross();
  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  await kiosk.until(({ call, case: one }) => call?.callId === callId && one?.at === 'serving');
  await agent.must('call:hold', { callId });
  await kiosk.until(({ call }) => call?.held);
  await agent.must('call:resume', { callId });
  await agent.must('document:ask', { caseId, kind: 'id-card-front', camera: 'document' });
  await kiosk.until(({ documents }) => documents.length === 1);
  await kiosk.must('call:end', { callId });
  await agent.until(({ agent: state }) => state?.at === 'wrap-up');
  expect(agent.shown.call).toBeNull();
});

test('a call’s media are in one node: who is elsewhere joins anew there, and goes home after it', async () => {
  const { lab, kiosk, agent, offer } = await callAcross();
  const portOfA = lab.config.media.basePort;
  // While it rings the kiosk is told to come to where the agent's media are.
  await vi.waitUntil(() => kiosk.heard.some(({ name }) => name === 'media:lost'), { timeout: 5_000 });
  const joinedKiosk = await kiosk.must('media:join', {});
  const joinedAgent = await agent.must('media:join', {});
  expect(port(joinedKiosk)).toBe(port(joinedAgent));
  expect(port(joinedKiosk)).not.toBe(portOfA);
  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  // What the media tell a peer goes to its line, wherever that is.
  await vi.waitUntil(() => kiosk.heard.some(({ name }) => name === 'media:live'), { timeout: 5_000 });
  await kiosk.must('media:restart-ice', { side: 'send' });
  await agent.must('call:end', { callId });
  await vi.waitUntil(() => kiosk.heard.filter(({ name }) => name === 'media:lost').length === 2, { timeout: 5_000 });
  expect(port(await kiosk.must('media:join', {}))).toBe(portOfA);
});

test('the same agent on the other node is one line: the first is replaced, and nobody counts them as away', async () => {
  const { lab, kiosk, agent, offer } = await callAcross();
  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  await kiosk.until(({ call }) => call?.callId === callId);
  const again = await signInLabStaff({
    url: lab.url,
    http: lab.http,
    now: lab.clock.now,
    username: 'li.na',
    password: DEMO_PASSWORD,
  });
  await again.open();
  await vi.waitUntil(() => agent.closing === 'replaced', { timeout: 5_000 });
  expect(again.shown.call?.callId).toBe(callId);
  expect(again.shown.call?.participants.every(({ here }) => here)).toBe(true);
  await again.must('call:end', { callId });
  await kiosk.until(({ call }) => call === null);
  again.leave();
});

test('the same kiosk at both nodes during a call: the newest wins, the older is told, and its media are not doubled', async () => {
  const { lab, b, kiosk, agent, offer } = await callAcross();
  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  await kiosk.until(({ call }) => call?.callId === callId);
  const media = async () => {
    const [atA, atB] = await Promise.all([lab.app, b.app].map(({ parts }) => parts.media.count()));
    return [atA?.transports, atB?.transports, atB?.producers];
  };
  for (const line of [kiosk, agent]) {
    await line.must('media:join', {});
    await line.must('media:produce', microphoneParameters());
  }
  expect(await media()).toEqual([0, 4, 2]);
  const tab = secondTab(kiosk, b.app.url);
  await tab.open();
  await kiosk.until(() => kiosk.closing === 'replaced', { withinMs: 5_000 });
  await tab.must('media:join', {});
  await tab.must('media:produce', microphoneParameters());
  expect(await media()).toEqual([0, 4, 2]);
  // And back: the call's media stay at the node that has them.
  await kiosk.open();
  await tab.until(() => tab.closing === 'replaced', { withinMs: 5_000 });
  await kiosk.must('media:join', {});
  expect(await media()).toEqual([0, 4, 1]);
  expect(kiosk.shown.call).toMatchObject({ callId, participants: [{ here: true }, { here: true }] });
  expect(tab.faults).toEqual([]);
  expect(await lab.journal({ kind: 'call.ended' })).toEqual([]);
  await agent.must('call:end', { callId });
  await kiosk.until(({ call }) => call === null);
});

test('a node that goes leaves its lines to the other, which finds tickets and calls as they were', async () => {
  const { lab, b, kiosk, agent, offer } = await callAcross();
  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  await kiosk.until(({ call }) => call?.callId === callId);
  await b.app.close('it goes');
  // Nobody is away who was on the other one.
  await kiosk.until(({ call }) => call?.participants.some(({ role, here }) => role === 'agent' && !here), {
    withinMs: 20_000,
  });
  expect(kiosk.shown.call?.participants.find(({ role }) => role === 'customer')?.here).toBe(true);
  const here = await lab.staff('li.na');
  expect(here.shown.call?.callId).toBe(callId);
  await kiosk.until(({ call }) => call?.participants.every(({ here: up }) => up));
  // The room has come here: both find each other's media again.
  await vi.waitUntil(() => lab.app.parts.media.holds(callId), { timeout: 5_000 });
  expect(port(await kiosk.must('media:join', {}))).toBe(lab.config.media.basePort);
});

test('Redis that is killed and comes back empty costs no ticket and no call, and news flow again within 5 s', async () => {
  const { lab, redis, kiosk, agent, offer } = await callAcross();
  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  await kiosk.until(({ call }) => call?.callId === callId);
  const customer = await lab.kiosk(2);
  const { ticketId } = await joinQueue(customer);
  const place = await customer.until(({ ticket }) => ticket?.position === 1 && ticket);
  await redis.kill();
  await agent.must('call:hold', { callId });
  await redis.start();
  await kiosk.until(({ call }) => call?.held, { withinMs: 5_000 });
  await agent.must('call:resume', { callId });
  await kiosk.until(({ call }) => call?.held === null, { withinMs: 5_000 });
  expect(kiosk.shown.call?.callId).toBe(callId);
  // The ticket is the same, at its place, and the agent of the other node is rung for it.
  await customer.must('line:resync', {});
  const { position, joinedAt } = customer.shown.ticket ?? {};
  expect([position, joinedAt]).toEqual([place.position, place.joinedAt]);
  await agent.must('call:end', { callId });
  await agent.must('queue:wrap-up', { callId, outcome: 'complete', note: '', then: 'ready' });
  expect((await ringing(agent)).ticketId).toBe(ticketId);
});

test('two under one name: the second does not start, and says what to do', async () => {
  const { lab } = await twoNodes();
  const second = startApp({
    config: {
      ...lab.config,
      port: 0,
      databaseUrl: 'postgres://elsewhere',
      media: { ...lab.config.media, basePort: await freePorts() },
    },
    connection: lab.connection,
    clock: lab.clock.now,
    log: createLog({ level: 'silent' }),
    version: '0.0.0-lab',
  });
  await expect(second).rejects.toThrow('Give this one another cluster.name');
});

type AtA = { kiosk: LabKiosk; agent: LabStaff; callId: CallId };
/** Whose lines are all at node `a`. */
async function peopleAtA({ lab }: TwoNodes, number: 1 | 2 | 3): Promise<Omit<AtA, 'callId'>> {
  const admin = await lab.staff('admin', { line: false });
  const needs = { url: lab.url, http: lab.http, now: lab.clock.now, token: await admin.token() };
  const kiosk = number === 3 ? await addLabKiosk(needs) : await lab.kiosk(number);
  return { kiosk, agent: await lab.readyAgent(['li.na', 'chen.jing', 'wang.wei'][number - 1] ?? '') };
}
async function callsAtA(two: TwoNodes, ...numbers: (1 | 2 | 3)[]): Promise<AtA[]> {
  const calls: AtA[] = [];
  for (const number of numbers) {
    const people = await peopleAtA(two, number);
    calls.push({ ...people, ...(await startCall(people)) });
  }
  return calls;
}
const isLost = ({ name }: { name: string }) => name === 'media:lost';
const roomsAt = (app: TwoNodes['b']['app'], calls: AtA[]) => calls.map(({ callId }) => app.parts.media.runs(callId));

test('all lines at one node: rooms go to the other as well, and media are answered for each call', async () => {
  const two = await twoNodes();
  const calls = await callsAtA(two, 1, 2, 3);
  // Two at the agents' node, where the other is clearly less loaded by then.
  await vi.waitUntil(() => two.b.app.parts.media.runs(calls[2]?.callId ?? ''), { timeout: 5_000 });
  expect(roomsAt(two.lab.app, calls)).toEqual([true, true, false]);
  expect(roomsAt(two.b.app, calls)).toEqual([false, false, true]);
  for (const [at, { kiosk, agent }] of calls.entries()) {
    const home = at === 2 ? two.b.mediaPort : two.lab.config.media.basePort;
    for (const line of [kiosk, agent]) {
      expect([at, port(await line.must('media:join', {}))]).toEqual([at, home]);
      await line.must('media:restart-ice', { side: 'send' });
    }
  }
  const { kiosk, agent, callId } = calls[2] as AtA;
  expect([kiosk, agent].map(({ heard }) => heard.filter(isLost).length)).toEqual([1, 1]);
  await agent.must('call:end', { callId });
  await vi.waitUntil(() => [kiosk, agent].every(({ heard }) => heard.filter(isLost).length === 2), { timeout: 5_000 });
  expect(port(await agent.must('media:join', {}))).toBe(two.lab.config.media.basePort);
  // What ran before runs where it was.
  expect(roomsAt(two.lab.app, calls)).toEqual([true, true, false]);
});

test('a node with rooms that goes leaves them to the one with their people', async () => {
  const two = await twoNodes();
  const calls = await callsAtA(two, 1, 2, 3);
  const { kiosk, agent, callId } = calls[2] as AtA;
  await vi.waitUntil(() => two.b.app.parts.media.runs(callId), { timeout: 5_000 });
  await Promise.all([kiosk, agent].map((line) => line.must('media:join', {})));
  await two.b.app.close('it goes');
  await vi.waitUntil(() => roomsAt(two.lab.app, calls).every(Boolean), { timeout: 10_000 });
  await vi.waitUntil(() => [kiosk, agent].every(({ heard }) => heard.filter(isLost).length === 2), { timeout: 5_000 });
  for (const line of [kiosk, agent])
    expect(port(await line.must('media:join', {}))).toBe(two.lab.config.media.basePort);
});

test('a node that drains gets no room', async () => {
  const two = await twoNodes();
  await two.b.app.drain();
  const calls = await callsAtA(two, 1, 2, 3);
  expect(roomsAt(two.lab.app, calls)).toEqual([true, true, true]);
});

test('a node that is chosen and does not answer: the room is at the one that asked', async () => {
  const two = await twoNodes();
  const { database, app, log } = two.lab;
  await callsAtA(two, 1, 2);
  // Nobody listens there though it was heard just now; of two idle nodes the first by id is chosen.
  await database.pool.query(
    `insert into nodes.node (instance, name, address, started_at, seen_at, workers)
    select '00000000-0000-4000-8000-000000000000', 'c', $1, seen_at, seen_at + 60000, 1 from nodes.node limit 1`,
    [`http://127.0.0.1:${await freePorts()}`],
  );
  const third = await callsAtA(two, 3);
  await vi.waitUntil(() => roomsAt(app, third).every(Boolean), { timeout: 5_000 });
  expect(log.filter((line) => line.includes('does not make a room'))).toHaveLength(1);
});

test('while Redis is away a room elsewhere begins, and ends, with its call', async () => {
  const two = await twoNodes();
  await callsAtA(two, 1, 2);
  const { kiosk, agent } = await peopleAtA(two, 3);
  await joinQueue(kiosk);
  const { offerId } = await ringing(agent);
  await two.redis.kill();
  const { callId } = await agent.must('call:accept', { offerId });
  const { media } = two.b.app.parts;
  await vi.waitUntil(() => media.runs(callId), { timeout: 2_000 });
  await kiosk.until(({ call }) => call?.callId === callId);
  await kiosk.must('call:end', { callId });
  await vi.waitUntil(() => !media.holds(callId), { timeout: 2_000 });
  expect((await two.lab.app.parts.nodes.rooms()).size).toBe(2);
});
