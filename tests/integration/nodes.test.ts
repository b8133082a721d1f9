import { afterEach, expect, test, vi } from 'vitest';
import { startApp, type App } from '../../server/src/app.ts';
import { DEMO_PASSWORD } from '../../server/src/flows/seed-demo.ts';
import { createLog } from '../../server/src/kernel/log.ts';
import { freePorts } from '../ports.ts';
import { startLab, type Lab } from './lab/index.ts';
import { createHttp } from './lab/http.ts';
import { startRedis, type LabRedis } from './lab/redis.ts';
import { signInLabStaff, type LabStaff } from './lab/staff.ts';
import { joinQueue, ringing } from './lab/stories.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Second = { app: App; staff(username: string): Promise<LabStaff> };

/** The lab's server as node `a`, and a second process's worth of server as node `b`, on one database and one Redis. */
async function twoNodes(): Promise<{ lab: Lab; b: Second; redis: LabRedis }> {
  const redis = await startRedis();
  const [portA, portB, mediaB] = await Promise.all([freePorts(), freePorts(), freePorts()]);
  const clusterOf = (name: string, port: number) => ({
    name,
    address: `http://127.0.0.1:${port}`,
    redisUrl: redis.url,
    drainSeconds: 5,
  });
  const lab = await startLab({ port: portA, cluster: clusterOf('a', portA) });
  const app = await startApp({
    config: {
      ...lab.config,
      port: portB,
      cluster: clusterOf('b', portB),
      media: { ...lab.config.media, basePort: mediaB },
    },
    connection: lab.connection,
    clock: lab.clock.now,
    log: createLog({ level: 'silent' }),
    version: '0.0.0-lab',
  });
  const needs = { url: app.url, http: createHttp(app.url), now: lab.clock.now };
  const clients: LabStaff[] = [];
  // The lab closes node `a` and drops the database after every test: this one goes first, Redis last of all.
  cleanups.push(
    () => redis.close(),
    async () => {
      for (const client of clients) client.leave();
      await app.close('the test is over');
    },
  );
  return {
    lab,
    redis,
    b: {
      app,
      async staff(username) {
        const client = await signInLabStaff({ ...needs, username, password: DEMO_PASSWORD });
        clients.push(client);
        await client.open();
        return client;
      },
    },
  };
}

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

test('the same kiosk on the other node is one line: the first is replaced, and nobody counts it as away', async () => {
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
  const { redis, kiosk, agent, offer } = await callAcross();
  const { callId } = await agent.must('call:accept', { offerId: offer.offerId });
  await kiosk.until(({ call }) => call?.callId === callId);
  await redis.kill();
  await agent.must('call:hold', { callId });
  await redis.start();
  await kiosk.until(({ call }) => call?.held, { withinMs: 5_000 });
  await agent.must('call:resume', { callId });
  await kiosk.until(({ call }) => call?.held === null, { withinMs: 5_000 });
  expect(kiosk.shown.call?.callId).toBe(callId);
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
