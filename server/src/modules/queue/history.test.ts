import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Language, QueueRules } from '@openvtm/protocol';
import { createBus } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Works } from '../../kernel/work.ts';
import type { AgentRow } from './agents.store.ts';
import { conditionsOf } from './conditions.ts';
import { firstStepOf, lacksOf } from './eligibility.ts';
import { openQueue, queueSchema, type Queue } from './index.ts';
import type { OfferRow } from './offers.store.ts';
import { queueOf } from './routing.ts';
import { readRules, shippedText } from './rules-file.ts';
import type { TicketRow } from './tickets.store.ts';

// Random histories against a model of a few lines: what the queue does must be what the model would do.

const BRANCHES = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const AGENTS = Array.from({ length: 6 }, (_, i) => `00000000-0000-4000-8000-0000000001${i}0`);
const shipped = JSON.parse(shippedText()) as { queues: object[] };
const OTHER_TEXT = JSON.stringify({
  ...shipped,
  queues: [
    { ...shipped.queues[0], overflow: { waited: { seconds: 300, to: 'personal' } } },
    ...shipped.queues.slice(1),
  ],
  weights: { classes: [600, 60, 30, 10, 0], appointment: 300, vip: 10, elder: 400, handBack: 0 },
  offers: { seconds: 10, backOff: { declined: 60, busy: 10, unanswered: 20 }, awayAfter: 2 },
  wrapUp: { mode: 'none', seconds: null },
});

const skills = fc.record(
  {
    service: fc.integer({ min: 1, max: 5 }),
    cards: fc.integer({ min: 1, max: 5 }),
    wealth: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: [] },
);
const languages = fc.constantFrom<Language[]>(['zh-CN'], ['en'], ['zh-CN', 'en']);
const pick = fc.nat({ max: 1_000 });
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('join' as const),
      skills,
      language: fc.constantFrom<Language>('zh-CN', 'en'),
      family: fc.constantFrom('teller', 'corporate'),
      priority: fc.integer({ min: 1, max: 5 }),
      vip: fc.boolean(),
      elder: fc.boolean(),
      appointment: fc.option(fc.integer({ min: -1_200, max: 1_200 })),
      preferred: fc.option(pick),
    }),
  },
  { weight: 6, arbitrary: fc.record({ is: fc.constant('ready' as const), pick, skills, languages }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('accept' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('end-call' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('wrap-up' as const), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('decline' as const),
      pick,
      reason: fc.constantFrom('need-a-minute', 'wrong-skill'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('time' as const),
      seconds: fc.oneof(fc.integer({ min: 0, max: 130 }), fc.integer({ min: -90, max: -1 }), fc.constant(1_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('leave' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('come-back' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('call-back' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('wait-on' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('break' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('kiosk-line' as const), pick, up: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('agent-line' as const), pick, up: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('rules' as const), other: fc.boolean() }) },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

let fresh: TestDatabase;
let queue: Queue;
let works: Works;
let now = 0;

beforeAll(async () => {
  fresh = await testDatabase([queueSchema]);
  works = createWorks({ database: fresh.database, bus: createBus(createLog({ level: 'silent' })), clock: () => now });
});
afterAll(() => fresh.close());

type State = { tickets: TicketRow[]; agents: AgentRow[]; offers: OfferRow[]; rules: QueueRules };
async function stateNow(): Promise<State> {
  const read = async <T>(table: string) =>
    (
      await sql<{ row: T }>`select to_jsonb(x) as row from ${sql.table(table)} x`.execute(fresh.database.as<unknown>())
    ).rows.map(({ row }) => row);
  const [tickets, agents, offers] = await Promise.all([
    read<TicketRow>('queue.ticket'),
    read<AgentRow>('queue.agent'),
    read<OfferRow>('queue.offer'),
  ]);
  return { tickets, agents, offers, rules: readRules('test', (await queue.rulesWritten()).text, []) };
}

const stepsOf = ({ rules }: State, ticket: TicketRow) => {
  const rule = queueOf(rules, ticket.queue_id);
  return rule ? conditionsOf(rules, rule, ticket) : [];
};
const ableOf = (agent: AgentRow) => ({ skills: agent.skills, languages: agent.languages, branchId: agent.branch_id });

/** The pairs that the queue must make now: the highest score first; the strictest step, then the longest idle. */
function expectedPairs(state: State): string[] {
  const idle = state.agents
    .filter((agent) => agent.state === 'ready' && agent.absent_since === null && agent.rest_until <= now)
    .toSorted((a, b) => a.idle_since - b.idle_since || a.staff_id.localeCompare(b.staff_id));
  const waiting = state.tickets
    .filter((ticket) => ticket.state === 'waiting' && ticket.absent_since === null)
    .toSorted((a, b) => a.rank - b.rank || a.id.localeCompare(b.id));
  const pairs: string[] = [];
  for (const ticket of waiting) {
    const steps = stepsOf(state, ticket);
    const asked = steps[ticket.step];
    const isHeld = ticket.preferred_until !== null;
    if (!asked || (ticket.lane === null && !isHeld)) continue;
    if (isHeld && (ticket.preferred_until ?? 0) <= now) continue;
    const backsOff = (agent: AgentRow) =>
      state.offers.some(
        (offer) =>
          offer.ticket_id === ticket.id && offer.staff_id === agent.staff_id && (offer.back_off_until ?? 0) > now,
      );
    const able = idle.filter(
      (agent) =>
        lacksOf(state.rules, ableOf(agent), asked).length === 0 &&
        !backsOff(agent) &&
        (!isHeld || (agent.staff_id === ticket.preferred_staff_id && ticket.lane !== null)),
    );
    const strictest = (agent: AgentRow) => firstStepOf(state.rules, ableOf(agent), steps) ?? 99;
    const taker = able.reduce<AgentRow | undefined>(
      (best, one) => (best && (isHeld || strictest(best) <= strictest(one)) ? best : one),
      undefined,
    );
    if (!taker) continue;
    idle.splice(idle.indexOf(taker), 1);
    pairs.push(`${ticket.id} ${taker.staff_id}`);
  }
  return pairs;
}

/** The step by the time, or the first after it that somebody on duty could fulfil. */
function stepOf(state: State, ticket: TicketRow): number {
  const seconds = queueOf(state.rules, ticket.queue_id)?.steps.map((step) => step.seconds) ?? [];
  let byTime = 0;
  for (let left = (now - ticket.joined_at) / 1000; left >= (seconds[byTime] ?? Infinity); byTime += 1)
    left -= seconds[byTime] ?? 0;
  const onDuty = state.agents.filter((agent) => agent.state !== 'offline' && agent.state !== 'break');
  const steps = stepsOf(state, ticket);
  const first = steps.findIndex(
    (asked, i) => i >= byTime && onDuty.some((agent) => lacksOf(state.rules, ableOf(agent), asked).length === 0),
  );
  return first === -1 ? byTime : first;
}

/** What must hold at every moment. */
function mustHold(
  state: State,
  { open, clockWentBack }: { open: Map<string, 'open' | 'over'>; clockWentBack: boolean },
): void {
  const { tickets, agents, offers } = state;
  const ringing = offers.filter(({ state }) => state === 'open');
  const sorted = (list: string[]) => list.toSorted();
  expect(sorted(ringing.map(({ ticket_id: id }) => id))).toEqual(
    sorted(tickets.filter(({ state }) => state === 'offered').map(({ id }) => id)),
  );
  expect(sorted(ringing.map(({ staff_id: id }) => id))).toEqual(
    sorted(agents.filter(({ state }) => state === 'offered').map(({ staff_id: id }) => id)),
  );
  const talking = agents.filter(({ state }) => state === 'in-call').map(({ call_id: id }) => id);
  expect(new Set(talking).size).toBe(talking.length);
  for (const [caseId, at] of open) {
    const ofCase = tickets.filter((ticket) => ticket.case_id === caseId);
    const kept = ofCase.filter(({ state }) => state === 'waiting' || state === 'offered' || state === 'call-back');
    expect([caseId, kept.length]).toEqual([caseId, at === 'open' ? 1 : 0]);
  }
  for (const ticket of tickets.filter(({ state }) => state === 'waiting')) {
    // A clock that is put back does not tighten what was loosened.
    if (clockWentBack) expect(ticket.step).toBeGreaterThanOrEqual(stepOf(state, ticket));
    else expect(ticket.step).toBe(stepOf(state, ticket));
  }
  for (const ticket of tickets.filter(({ state }) => state === 'served'))
    expect(offers.filter(({ ticket_id: id, state }) => id === ticket.id && state === 'accepted')).toHaveLength(1);
}

async function play(history: readonly Event[]): Promise<void> {
  await sql`truncate queue.ticket, queue.agent, queue.offer, queue.agent_time, queue.rules cascade`.execute(
    fresh.database.as<unknown>(),
  );
  queue = openQueue({ database: fresh.database, clock: () => now });
  now = Date.UTC(2026, 10, 24, 2, 0, 0);
  const cases: { caseId: string; kioskId: string }[] = [];
  const open = new Map<string, 'open' | 'over'>();
  let clockWentBack = false;
  const one = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
  const quietly = (job: Parameters<Works['bySystem']>[0]) => works.bySystem(job).catch(() => undefined);

  const settle = async (caseId: string) => {
    const { tickets } = await stateNow();
    const kept = tickets.some((t) => t.case_id === caseId && ['waiting', 'offered', 'call-back'].includes(t.state));
    open.set(caseId, kept ? 'open' : 'over');
  };
  const tick = async () => {
    await works.bySystem((work) => queue.expireOffers(work));
    await works.bySystem((work) => queue.endWrapUps(work));
    for (const caseId of await works.bySystem((work) => queue.giveUpAbsent(work))) open.set(caseId, 'over');
    for (const caseId of await works.bySystem((work) => queue.expireCallBacks(work))) open.set(caseId, 'over');
    while (await works.bySystem((work) => queue.tend(work)));
  };

  for (const what of history) {
    const before = await stateNow();
    const offer =
      'pick' in what
        ? one(
            before.offers.filter(({ state }) => state === 'open'),
            what.pick,
          )
        : undefined;
    const agentId = 'pick' in what ? one(AGENTS, what.pick) : undefined;
    const known = 'pick' in what ? one(cases, what.pick) : undefined;
    const agent = before.agents.find(({ staff_id: id }) => id === agentId);
    switch (what.is) {
      case 'join': {
        const { skills: asks, language, family, priority, vip, elder } = what;
        const mine = { caseId: randomUUID(), kioskId: randomUUID() };
        const preferredStaffId = what.preferred === null ? null : (one(AGENTS, what.preferred) ?? null);
        const appointmentAt = what.appointment === null ? null : now + what.appointment * 1000;
        const wish = {
          ...mine,
          serviceId: 'talk',
          skills: asks as Record<string, number>,
          language,
          minutes: 5,
          family,
          priority,
          vip,
          elder,
          appointmentAt,
          preferredStaffId,
          branchId: BRANCHES[priority % 2] ?? null,
        };
        await works.bySystem((work) => queue.join(work, wish));
        cases.push(mine);
        open.set(mine.caseId, 'open');
        break;
      }
      case 'come-back':
        if (known) {
          await works.bySystem((work) =>
            queue.join(work, { ...known, serviceId: 'talk', skills: {}, language: 'en', minutes: 5 }),
          );
          open.set(known.caseId, 'open');
        }
        break;
      case 'ready':
        if (agentId) {
          const able = { staffId: agentId, skills: what.skills as Record<string, number>, languages: what.languages };
          await quietly((work) => queue.agentReady(work, { ...able, branchId: BRANCHES[0] ?? null }));
        }
        break;
      case 'accept':
        if (offer) {
          const accepted = await works
            .bySystem((work) => queue.accept(work, offer.staff_id, offer.id))
            .catch(() => null);
          if (accepted) open.set(accepted.caseId, 'over');
        }
        break;
      case 'decline':
        if (offer) await works.bySystem((work) => queue.decline(work, offer.staff_id, offer.id, what.reason));
        break;
      case 'end-call':
        if (agent?.call_id)
          await works.bySystem((work) => queue.agentCallEnded(work, agent.staff_id, agent.call_id ?? ''));
        break;
      case 'wrap-up':
        if (agent?.call_id)
          await quietly((work) =>
            queue.agentWrapUpDone(work, agent.staff_id, {
              callId: agent.call_id ?? '',
              then: 'ready',
              hasOutcome: true,
            }),
          );
        break;
      case 'time':
        now += what.seconds * 1000;
        clockWentBack ||= what.seconds < 0;
        break;
      case 'leave':
        if (known) {
          await works.bySystem((work) => queue.leave(work, known.caseId, 'self-service'));
          open.set(known.caseId, 'over');
        }
        break;
      case 'call-back':
        if (known) await quietly((work) => queue.callBack(work, { caseId: known.caseId, until: now + 600_000 }));
        break;
      case 'wait-on':
        if (known) await quietly((work) => queue.waitOn(work, known.caseId));
        break;
      case 'break':
        if (agentId) await quietly((work) => queue.agentBreak(work, agentId, 'meal'));
        break;
      case 'kiosk-line':
        if (known) await works.bySystem((work) => (what.up ? queue.returned(work, known) : queue.absent(work, known)));
        break;
      case 'agent-line':
        if (agentId)
          await works.bySystem((work) => (what.up ? queue.returned : queue.absent)(work, { staffId: agentId }));
        break;
      case 'rules': {
        const { version } = await queue.rulesWritten();
        const text = what.other ? OTHER_TEXT : shippedText();
        await works.bySystem((work) =>
          queue.changeRules(work, { text, basedOn: version, staffId: AGENTS[0] ?? '', asked: [] }),
        );
        break;
      }
    }
    if (known && ['call-back', 'kiosk-line'].includes(what.is)) await settle(known.caseId);
    await tick();
    const ready = await stateNow();
    mustHold(ready, { open, clockWentBack });
    const expected = expectedPairs(ready);
    for (let again = true; again;) ({ again } = await works.bySystem((work) => queue.match(work)));
    const after = await stateNow();
    const known2 = new Set(ready.offers.map(({ id }) => id));
    const made = after.offers.filter(({ id }) => !known2.has(id)).map((made) => `${made.ticket_id} ${made.staff_id}`);
    expect(made.toSorted()).toEqual(expected.toSorted());
    for (const ringing of after.offers.filter(({ id }) => !known2.has(id))) {
      const ticket = after.tickets.find(({ id }) => id === ringing.ticket_id);
      const taker = after.agents.find(({ staff_id: id }) => id === ringing.staff_id);
      if (!ticket || !taker) throw new Error('an offer of nobody');
      const steps = stepsOf(after, ticket);
      const conditions = steps[ticket.step];
      expect(conditions && lacksOf(after.rules, ableOf(taker), conditions)).toEqual([]);
      // A licence never loosens, whatever the step.
      const wealth = ticket.skills['wealth'] ?? 0;
      expect(taker.skills['wealth'] ?? 0).toBeGreaterThanOrEqual(wealth);
    }
    mustHold(after, { open, clockWentBack });
  }
}

test('random histories: no ticket is lost, none offered twice, nobody over capacity, order and conditions as the model has them', async () => {
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 60, maxLength: 160, size: 'max' }), play), {
    numRuns: 20,
    endOnFailure: true,
  });
}, 300_000);
