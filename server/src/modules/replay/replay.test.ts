import type { QueueRules } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { chance, exponential, type Comer, type Day } from './day.ts';
import type { Routing } from './routing.ts';
import { simulate } from './simulate.ts';

/** One queue that takes everybody and asks for nothing: what is left is the plain queue of the textbook. */
const queue = { id: 'all', steps: [{ seconds: null }], overflow: {} } as unknown as QueueRules['queues'][number];
const rules = {
  timeZone: 'UTC',
  queues: [queue],
  offers: { seconds: 20, backOff: { unanswered: 30 } },
  wrapUp: { mode: 'none', seconds: null },
  preferredSeconds: 0,
  appointment: { early: 0, late: 0 },
} as unknown as QueueRules;
const routing: Routing = {
  queueFor: () => queue,
  routeNow: () => ({ queue }),
  conditionsOf: () => [{ skills: {}, language: null, staffedBy: null }],
  stepInForce: () => 0,
  stepBegins: () => 0,
  lacksOf: () => [],
  rankOf: (_, { joinedAt }) => joinedAt,
  isOpen: () => true,
  nextOpening: (_queue, _zone, now) => now,
};

test('without rules of its own it is the queue of Erlang C: 2 agents at 70 % let one wait 0.961 talks on average', () => {
  const random = chance(11);
  const TALK = 60_000;
  const comers: Comer[] = [];
  for (let at = 0; comers.length < 60_000;) {
    at += exponential(random, TALK / 1.4);
    comers.push({
      at,
      branchId: null,
      family: 'cards',
      skills: {},
      language: 'en',
      priority: 3,
      vip: false,
      elder: false,
      handBack: false,
      appointmentAt: null,
      preferredStaffId: null,
      was: null,
      answerMs: 0,
      talkMs: exponential(random, TALK),
      wrapUpMs: 0,
      patienceMs: 1e12,
    });
  }
  const until = (comers.at(-1)?.at ?? 0) + 1;
  const able = { skills: {}, languages: ['en' as const], branchId: null };
  const shifts = ['a', 'b'].map((staffId) => ({ staffId, able, from: 0, until }));
  const day: Day = { date: '2026-11-25', generated: true, from: 0, until, comers, shifts };
  const { outcomes, busyMs, onDutyMs } = simulate(day, rules, routing);
  expect(outcomes).toHaveLength(comers.length);
  const mean = outcomes.reduce((sum, { waitedMs }) => sum + waitedMs, 0) / outcomes.length / TALK;
  // Mean wait of M/M/2: load squared over (1 - load squared), in talks; here 0.49 / 0.51.
  expect(mean).toBeGreaterThan(0.961 * 0.92);
  expect(mean).toBeLessThan(0.961 * 1.08);
  expect(busyMs / onDutyMs).toBeCloseTo(0.7, 1);
});
