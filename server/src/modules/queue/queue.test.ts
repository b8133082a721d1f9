import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Works } from '../../kernel/work.ts';
import { openQueue, queueSchema, type PassedTo, type Queue } from './index.ts';

/** As the shipped rules have them. */
const OFFER_MS = 20_000;
const BACK_OFF_MS = 30_000;

let fresh: TestDatabase;
let queue: Queue;
let works: Works;
let facts: Fact[];
let now: number;

beforeEach(async () => {
  fresh = await testDatabase([queueSchema]);
  queue = openQueue({ database: fresh.database, clock: () => now });
  facts = [];
  now = 1_000_000;
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  works = createWorks({ database: fresh.database, bus, clock: () => now });
});
afterEach(() => fresh.close());

const join = async (skills: Record<string, number> = {}) => {
  const wish = {
    caseId: randomUUID(),
    kioskId: randomUUID(),
    serviceId: 'talk',
    skills,
    language: 'en',
    minutes: 5,
  } as const;
  await works.bySystem((work) => queue.join(work, wish));
  return wish;
};
const ready = async (skills: Record<string, number> = {}) => {
  const staffId = randomUUID();
  await works.bySystem((work) => queue.agentReady(work, { staffId, skills, languages: ['en'] }));
  return staffId;
};
const match = async () => (await works.bySystem((work) => queue.match(work))).made;
const offerOf = async (staffId: string) => (await queue.ringing(staffId))?.offerId ?? '';

test('each ticket is offered to one agent and each agent has one offer, as many as there are of the fewer', async () => {
  await Promise.all([join(), join(), join()]);
  const agents = await Promise.all([ready(), ready()]);
  expect(await match()).toBe(2);
  expect(await match()).toBe(0);
  const offers = await Promise.all(agents.map((id) => queue.ringing(id)));
  expect(new Set(offers.map((offer) => offer?.caseId)).size).toBe(2);
});

test('many processes that match at once make no offer twice', async () => {
  await Promise.all(Array.from({ length: 8 }, () => join()));
  await Promise.all(Array.from({ length: 8 }, () => ready()));
  const made = await Promise.all(Array.from({ length: 4 }, match));
  expect(made.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(8);
  await match();
  expect(await queue.allRinging()).toHaveLength(8);
});

test('an agent needs every skill at its level or above', async () => {
  await join({ cards: 2, service: 1 });
  await ready({ cards: 5 });
  await ready({ cards: 1, service: 5 });
  expect(await match()).toBe(0);
  const able = await ready({ cards: 2, service: 1 });
  expect(await match()).toBe(1);
  expect(await queue.ringing(able)).not.toBeNull();
});

test('a declined ticket is offered to the same agent again only after the pause', async () => {
  await join();
  const agent = await ready();
  await match();
  const offerId = await offerOf(agent);
  await works.bySystem((work) => queue.decline(work, agent, offerId, 'need-a-minute'));
  now += BACK_OFF_MS - 1;
  expect(await match()).toBe(0);
  now += 2;
  expect(await match()).toBe(1);
});

test('an offer ends at its deadline and not before', async () => {
  await join();
  const agent = await ready();
  await match();
  now += OFFER_MS - 1;
  await works.bySystem((work) => queue.expireOffers(work));
  expect((await queue.agent(agent))?.at).toBe('offered');
  now += 1;
  await works.bySystem((work) => queue.expireOffers(work));
  expect(await queue.agent(agent)).toMatchObject({ at: 'break', reason: 'missed-offer' });
});

test("another agent's offer is gone for everybody else, and so is an accepted one", async () => {
  await join();
  const agent = await ready();
  const other = await ready();
  await match();
  const [holder, stranger] = (await queue.ringing(agent)) ? [agent, other] : [other, agent];
  const offerId = await offerOf(holder);
  const accept = (staffId: string) => works.bySystem((work) => queue.accept(work, staffId, offerId));
  await expect(accept(stranger)).rejects.toMatchObject({ code: 'offer-gone' });
  await accept(holder);
  await expect(accept(holder)).rejects.toMatchObject({ code: 'offer-gone' });
});

test('a ticket that leaves while its offer is being made takes that offer along', async () => {
  const { caseId } = await join();
  const agent = await ready();
  let leaving: Promise<void> | undefined;
  await works.bySystem(async (work) => {
    expect((await queue.match(work)).made).toBe(1);
    // Begun before the offer is committed, so it does not see it and waits for the ticket's row.
    leaving = works.bySystem((other) => queue.leave(other, caseId, 'self-service'));
    await expect.poll(() => waitingForLocks()).toBe(1);
  });
  await leaving;
  expect(await queue.allRinging()).toEqual([]);
  expect((await queue.agent(agent))?.at).toBe('ready');
});

test('an agent who was given up for lost and comes back is offered tickets again', async () => {
  const staffId = await ready();
  await works.bySystem((work) => queue.absent(work, { staffId }));
  now += 8_000;
  await works.bySystem((work) => queue.giveUpAbsent(work));
  expect((await queue.agent(staffId))?.at).toBe('offline');
  await works.bySystem((work) => queue.returned(work, { staffId }));
  await works.bySystem((work) => queue.agentReady(work, { staffId, skills: {}, languages: ['en'] }));
  await works.bySystem((work) => queue.giveUpAbsent(work));
  await join();
  expect(await match()).toBe(1);
  expect((await queue.agent(staffId))?.at).toBe('offered');
});

test('who is coming back in the moment of being given up is not given up', async () => {
  const staffId = await ready();
  const { kioskId } = await join({ cards: 5 });
  await works.bySystem((work) => queue.absent(work, { staffId }));
  await works.bySystem((work) => queue.absent(work, { kioskId }));
  now += 100_000;
  await works.bySystem(async (work) => {
    await queue.returned(work, { staffId });
    await queue.returned(work, { kioskId });
    expect(await works.bySystem((other) => queue.giveUpAbsent(other))).toEqual([]);
  });
  expect(await works.bySystem((work) => queue.giveUpAbsent(work))).toEqual([]);
  expect((await queue.agent(staffId))?.at).toBe('ready');
});

test('whose line is down when an offer is accepted is told with it', async () => {
  const { kioskId } = await join();
  const staffId = await ready();
  await match();
  await works.bySystem((work) => queue.absent(work, { kioskId }));
  const offerId = await offerOf(staffId);
  const accepted = await works.bySystem((work) => queue.accept(work, staffId, offerId));
  expect(accepted).toMatchObject({ kioskId, staffId, customerAway: true, agentAway: false });
});

test('every step is a fact with the ids that it concerns', async () => {
  const { caseId, kioskId } = await join();
  const staffId = await ready();
  await match();
  const made = facts.find(({ kind }) => kind === 'queue.offer-made');
  expect(made?.about).toMatchObject({ caseId, kioskId, staffId });
  expect(facts.map(({ kind }) => kind)).toEqual([
    'queue.joined',
    'queue.agent-moved',
    'queue.offer-made',
    'queue.agent-moved',
  ]);
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await fresh.database.pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
}

const pass = (wish: Awaited<ReturnType<typeof join>>, by: string, to: PassedTo | null) =>
  works.bySystem((work) =>
    queue.join(work, { ...wish, caseId: randomUUID(), kioskId: randomUUID(), passed: { by, to } }),
  );
const base = () => join();

test('who passed a customer on is never asked for them again, however long they are free, and nobody else waits for that', async () => {
  const wish = await base();
  await works.bySystem((work) => queue.leave(work, wish.caseId, 'test'));
  const passer = await ready();
  await pass(wish, passer, null);
  expect(await match()).toBe(0);
  now += 3_600_000;
  expect(await match()).toBe(0);
  const other = await ready();
  expect(await match()).toBe(1);
  expect(await queue.ringing(other)).not.toBeNull();
  // Others are asked as ever.
  await join();
  expect(await match()).toBe(1);
  expect(await queue.ringing(passer)).not.toBeNull();
});

test('passed on to a skill it is for those who have it beside those of the service; to a queue it stands there', async () => {
  const wish = await base();
  await works.bySystem((work) => queue.leave(work, wish.caseId, 'test'));
  const [passer, plain, able] = [await ready({ wealth: 1 }), await ready(), await ready({ wealth: 2 })];
  await pass(wish, passer, { is: 'skill', skill: 'wealth' });
  expect(await match()).toBe(1);
  expect(await queue.ringing(able)).not.toBeNull();
  expect(await queue.ringing(plain)).toBeNull();
  const { ticketId } = await pass(wish, passer, { is: 'queue', queueId: 'corporate' });
  expect((await queue.explain(ticketId)).queue.en).toBe('Corporate banking');
});

test('the places to pass on to say who is there, without who asks', async () => {
  const [me] = [await ready({ wealth: 3 }), await ready({ wealth: 1 })];
  const busy = await ready({ cards: 1 });
  await works.bySystem((work) => queue.agentInCall(work, busy, { callId: randomUUID(), at: 'in-call' }));
  const wish = { branchId: null, family: 'teller', skills: {}, language: 'en' } as const;
  const found = await queue.passTargets(wish, { except: me });
  const of = (id: string) => found.skills.find((skill) => skill.id === id);
  expect(found.anybody).toEqual({ onDuty: 2, ready: 1 });
  expect(of('wealth')).toMatchObject({ onDuty: 1, ready: 1, licence: true });
  expect(of('cards')).toMatchObject({ onDuty: 1, ready: 0 });
  expect(of('credit')).toMatchObject({ onDuty: 0, ready: 0 });
  expect(found.queues.map(({ id, closed, onDuty }) => [id, closed, onDuty])).toEqual([
    ['corporate', null, 2],
    ['personal', null, 2],
  ]);
  // Nobody speaks it.
  expect((await queue.passTargets({ ...wish, language: 'zh-CN' }, { except: me })).anybody.onDuty).toBe(0);
});
