import type { QueueRules } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { conditionsOf, stepBegins, stepByTime, stepInForce } from './conditions.ts';
import { firstStepOf, lacksOf } from './eligibility.ts';
import { isOpen, midnightBefore, nextChange, nextOpening } from './hours.ts';
import { queueFor, routeNow, shutOf } from './routing.ts';
import { checkRules, readRules, shippedText, SHIPPED_NAME } from './rules-file.ts';
import { rankOf, scoreOf, scoreParts, type Scored } from './score.ts';

type Loose = ReturnType<typeof JSON.parse>;
const BRANCH = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const shipped = readRules(SHIPPED_NAME, shippedText(), []);
const changed = (change: (rules: Loose) => void): string => {
  const rules: Loose = JSON.parse(shippedText());
  change(rules);
  return JSON.stringify(rules, null, 2);
};
const rulesWith = (change: (rules: Loose) => void): QueueRules => readRules('test', changed(change), []);
const personal = (rules: Loose): Loose => rules.queues[1];
const week = (spans: { from: string; to: string }[]) =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, spans]));

test.for<[what: string, change: (rules: Loose) => void, said: RegExp]>([
  ['no queue', (r) => (r.queues = []), /line \d+, queues: /],
  ['an unknown key', (r) => (r.colour = 'red'), /line \d+.*unknown key colour/],
  ['a time zone of nowhere', (r) => (r.timeZone = 'Mars/Olympus'), /timeZone: Mars\/Olympus is no time zone/],
  ['a queue twice', (r) => (r.queues[1].id = 'corporate'), /queues\.1\.id: the queue corporate is there twice/],
  [
    'a group that is not there',
    (r) => (personal(r).staffedBy = 'north'),
    /queues\.1\.staffedBy: there is no group north/,
  ],
  [
    'an unknown skill',
    (r) => (personal(r).steps[1].without = ['juggling']),
    /steps\.1\.without\.0: there is no skill juggling/,
  ],
  ['a licence that loosens', (r) => (personal(r).steps[1].without = ['wealth']), /wealth is a licence/],
  [
    'a required skill that is not there',
    (r) => (personal(r).requires = { juggling: 1 }),
    /requires\.juggling: there is no skill/,
  ],
  [
    'a step that tightens',
    (r) => (personal(r).steps[2].lowerBy = 0),
    /steps\.2\.lowerBy: asks for more than the step before/,
  ],
  [
    'a skill that comes back',
    (r) => (personal(r).steps[1].without = ['cards']),
    /steps\.2\.without: asks for cards again/,
  ],
  [
    'a language that comes back',
    (r) => (personal(r).steps[1].anyLanguage = true),
    /steps\.2\.anyLanguage: asks for the language again/,
  ],
  ['a last step that ends', (r) => (personal(r).steps[2].seconds = 60), /steps\.2\.seconds: the last step has no end/],
  [
    'an endless step in the middle',
    (r) => (personal(r).steps[1].seconds = null),
    /steps\.1\.seconds: only the last step has no end/,
  ],
  ['seven steps', (r) => (personal(r).steps = Array.from({ length: 7 }, () => ({ seconds: 1 }))), /queues\.1\.steps: /],
  [
    'a lower class that weighs more',
    (r) => (r.weights.classes = [10, 20, 0, 0, 0]),
    /weights\.classes\.1: class 2 weighs more/,
  ],
  [
    'overflow to nowhere',
    (r) => (personal(r).overflow = { closed: 'north' }),
    /overflow\.closed: there is no queue north/,
  ],
  ['overflow into itself', (r) => (personal(r).overflow = { nobody: 'personal' }), /does not overflow into itself/],
  [
    'overflow in a circle',
    (r) => {
      r.queues[0].overflow = { waited: { seconds: 60, to: 'personal' } };
      r.queues[1].overflow = { nobody: 'corporate' };
    },
    /queues\.1\.overflow\.nobody: overflow goes round: corporate → personal → corporate/,
  ],
  ['hours that never open', (r) => (personal(r).hours = week([])), /queues\.1\.hours: it never opens/],
  ['hours backwards', (r) => (personal(r).hours = week([{ from: '17:00', to: '09:00' }])), /17:00 is not before 09:00/],
  [
    'hours that overlap',
    (r) =>
      (personal(r).hours = week([
        { from: '09:00', to: '12:00' },
        { from: '11:00', to: '17:00' },
      ])),
    /begins before 12:00/,
  ],
  [
    'a holiday twice',
    (r) =>
      (personal(r).holidays = Array.from({ length: 2 }, () => ({
        date: '2026-10-01',
        title: { 'zh-CN': '国庆节', en: 'National Day' },
      }))),
    /holidays\.1\.date: 2026-10-01 is there twice/,
  ],
  ['a family without a queue', (r) => (personal(r).families = ['cards']), /no queue takes accounts from every branch/],
  ['a queue that nothing reaches', (r) => r.queues.reverse(), /queues\.1: never reached: personal before it/],
  ['a longest wait without a choice', (r) => (personal(r).choices = []), /choices: a longest wait, but nothing/],
  [
    'a clock that never ends',
    (r) => (r.wrapUp = { mode: 'timed', seconds: null }),
    /wrapUp\.seconds: timed needs its seconds/,
  ],
  ['a clock that is not there', (r) => (r.wrapUp = { mode: 'none', seconds: 5 }), /wrapUp\.seconds: none is not ended/],
])('%s is refused', ([, change, said]) => {
  const read = checkRules(changed(change), []);
  if (!('flaws' in read)) throw new Error('taken');
  expect(read.flaws.map(({ line, field, words }) => `line ${line}, ${field}: ${words}`).join('\n')).toMatch(said);
});

test('a mistake is told with the line that it stands in', () => {
  const text = changed((r) => (r.weights.vip = -1));
  const read = checkRules(text, []);
  const line = text.split('\n').findIndex((one) => one.includes('"vip"')) + 1;
  expect('flaws' in read && read.flaws).toMatchObject([{ line, field: 'weights.vip' }]);
  expect(checkRules('{', [])).toMatchObject({ flaws: [{ line: 1 }] });
  expect(checkRules('', [])).toMatchObject({ flaws: [{ line: 1 }] });
});

test('a skill that a service asks for must be known', () => {
  expect(checkRules(shippedText(), [{ serviceId: 'juggle', skills: { juggling: 2 } }])).toMatchObject({
    flaws: [{ field: 'skills', words: expect.stringContaining('juggle') }],
  });
});

const ticket = (more: Partial<Scored> = {}): Scored => ({
  queueId: 'personal',
  joinedAt: 1_000_000,
  priority: 3,
  vip: false,
  elder: false,
  handBack: false,
  appointmentAt: null,
  ...more,
});

test('a score is the sum of its parts, and grows by one a second', () => {
  const one = ticket({ priority: 2, vip: true, elder: true, handBack: true });
  expect(scoreParts(shipped, one, 1_060_000)).toEqual({
    queue: 0,
    priority: 120,
    appointment: 0,
    vip: 180,
    elder: 120,
    handBack: 300,
    waited: 60,
  });
  expect(scoreOf(shipped, one, 1_060_000)).toBe(780);
  expect(scoreOf(shipped, one, 1_061_000)).toBe(781);
});

test('the rank orders as the score does, also while the clock is behind', () => {
  const tickets = [ticket(), ticket({ vip: true, joinedAt: 1_150_000 }), ticket({ elder: true, joinedAt: 1_130_000 })];
  for (const now of [500_000, 1_150_000, 9_000_000]) {
    const byScore = tickets.toSorted((a, b) => scoreOf(shipped, b, now) - scoreOf(shipped, a, now));
    expect(tickets.toSorted((a, b) => rankOf(shipped, a, now) - rankOf(shipped, b, now))).toEqual(byScore);
  }
});

test('an appointment counts from shortly before its time, and not for those who come much too late', () => {
  const at = 5_000_000;
  const one = ticket({ appointmentAt: at });
  expect(scoreParts(shipped, one, at - 600_001).appointment).toBe(0);
  expect(scoreParts(shipped, one, at - 600_000).appointment).toBe(600);
  expect(scoreParts(shipped, ticket({ appointmentAt: at, joinedAt: at + 900_001 }), at + 900_001).appointment).toBe(0);
});

const queue = shipped.queues[1]!;
const wanted = { skills: { cards: 3, wealth: 2 }, language: 'en' } as const;

test('steps loosen levels by the time, never below 1 and never a licence', () => {
  const steps = conditionsOf(shipped, queue, wanted);
  expect(steps.map(({ skills }) => skills)).toEqual([
    { cards: 3, wealth: 2 },
    { cards: 2, wealth: 2 },
    { cards: 1, wealth: 2 },
  ]);
  const loose = rulesWith((r) => (personal(r).steps[2].without = 'all'));
  expect(conditionsOf(loose, loose.queues[1]!, wanted)[2]?.skills).toEqual({ wealth: 2 });
});

test('what a queue requires is asked beside what the service asks', () => {
  const strict = rulesWith((r) => (personal(r).requires = { service: 2, cards: 1 }));
  expect(conditionsOf(strict, strict.queues[1]!, wanted)[0]?.skills).toEqual({ cards: 3, wealth: 2, service: 2 });
});

test('a step lasts its time, and one that nobody could fulfil is skipped at once', () => {
  expect([0, 59_999, 60_000, 119_999, 120_000, 9e9].map((ms) => stepByTime(queue, ms))).toEqual([0, 0, 1, 1, 2, 2]);
  expect(stepByTime(queue, -5_000)).toBe(0);
  expect([0, 1, 2].map((step) => stepBegins(queue, step))).toEqual([0, 60_000, 120_000]);
  expect(stepInForce(queue, 0, () => true)).toBe(0);
  expect(stepInForce(queue, 0, (step) => step === 2)).toBe(2);
  expect(stepInForce(queue, 60_000, (step) => step === 0)).toBe(1);
  expect(stepInForce(queue, 0, () => false)).toBe(0);
});

test('it is said what an agent lacks', () => {
  const [first] = conditionsOf(shipped, queue, wanted);
  const agent = { skills: { cards: 2 }, languages: ['zh-CN'] as const, branchId: null };
  expect(lacksOf(shipped, agent, first!)).toEqual([
    { is: 'skill', skill: 'cards', needs: 3, has: 2 },
    { is: 'skill', skill: 'wealth', needs: 2, has: 0 },
    { is: 'language', needs: 'en' },
  ]);
  const able = { skills: { cards: 2, wealth: 5 }, languages: ['en'] as const, branchId: null };
  expect(firstStepOf(shipped, able, conditionsOf(shipped, queue, wanted))).toBe(1);
  expect(firstStepOf(shipped, agent, conditionsOf(shipped, queue, wanted))).toBeNull();
});

const north = (more: (rules: Loose) => void = () => undefined) =>
  rulesWith((r) => {
    r.groups = [{ id: 'north', title: { 'zh-CN': '北区', en: 'North' }, branches: [BRANCH] }];
    r.queues.unshift({ ...structuredClone(personal(r)), id: 'north-personal', group: 'north', staffedBy: 'north' });
    more(r);
  });

test('a ticket enters the first queue that takes its branch and its family', () => {
  const rules = north((r) => (r.queues[0].families = ['cards']));
  const into = (branchId: string | null, family: string) => queueFor(rules, { branchId, family }).id;
  expect(into(BRANCH, 'cards')).toBe('north-personal');
  expect(into(OTHER, 'cards')).toBe('personal');
  expect(into(BRANCH, 'corporate')).toBe('corporate');
  expect(into(null, 'cards')).toBe('personal');
});

test('only agents of the group that staffs a queue may serve it', () => {
  const rules = north();
  const [first] = conditionsOf(rules, rules.queues[0]!, { skills: {}, language: 'en' });
  const agent = { skills: {}, languages: ['en'] as const };
  expect(lacksOf(rules, { ...agent, branchId: OTHER }, first!)).toEqual([{ is: 'branch', group: 'north' }]);
  expect(lacksOf(rules, { ...agent, branchId: BRANCH }, first!)).toEqual([]);
});

test('overflow: for nobody, for the wait, for closed doors, and further on', () => {
  const rules = north((r) => {
    r.queues[0].overflow = { nobody: 'personal', waited: { seconds: 100, to: 'personal' } };
    r.queues[2].overflow = { nobody: 'corporate' };
  });
  const from = rules.queues[0]!;
  const now = 1_000_000;
  const route = (joinedAt: number, somebody: string[]) => {
    const routed = routeNow(rules, from, { joinedAt, now, hasSomebody: ({ id }) => somebody.includes(id) });
    return [routed.queue.id, ...routed.left.map(({ reason }) => reason)];
  };
  expect(route(now, ['north-personal'])).toEqual(['north-personal']);
  expect(route(now - 100_000, ['north-personal', 'personal'])).toEqual(['personal', 'waited']);
  expect(route(now, ['personal'])).toEqual(['personal', 'nobody']);
  expect(route(now, [])).toEqual(['corporate', 'nobody', 'nobody']);
});

const shanghai = (wall: string) => Date.parse(`${wall}+08:00`);

test('hours and holidays, in the time of the place', () => {
  const rules = rulesWith((r) => {
    personal(r).hours = { ...week([{ from: '09:00', to: '17:30' }]), sun: [] };
    personal(r).holidays = [
      { date: '2026-10-01', title: { 'zh-CN': '国庆节', en: 'National Day' } },
      { date: '2026-10-02', title: { 'zh-CN': '国庆节', en: 'National Day' }, hours: [{ from: '10:00', to: '12:00' }] },
    ];
  });
  const one = rules.queues[1]!;
  const open = (wall: string) => isOpen(one, rules.timeZone, shanghai(wall));
  expect(open('2026-09-30T08:59:59')).toBe(false);
  expect(open('2026-09-30T09:00:00')).toBe(true);
  expect(open('2026-09-30T17:30:00')).toBe(false);
  expect(open('2026-10-01T10:00:00')).toBe(false);
  expect(open('2026-10-02T11:00:00')).toBe(true);
  expect(open('2026-10-04T11:00:00')).toBe(false);
  const next = (wall: string) => nextOpening(one, rules.timeZone, shanghai(wall));
  expect(next('2026-09-30T18:00:00')).toBe(shanghai('2026-10-02T10:00:00'));
  expect(next('2026-10-03T18:00:00')).toBe(shanghai('2026-10-05T09:00:00'));
  const change = (wall: string) => nextChange(one, rules.timeZone, shanghai(wall));
  expect(change('2026-09-30T10:00:00')).toBe(shanghai('2026-09-30T17:30:00'));
  expect(change('2026-09-30T18:00:00')).toBe(shanghai('2026-10-02T10:00:00'));
  expect(nextChange(queue, rules.timeZone, 0)).toBeNull();
  expect(midnightBefore(shanghai('2026-10-01T10:00:00'), rules.timeZone)).toBe(shanghai('2026-10-01T00:00:00'));
  const at = { now: shanghai('2026-10-01T10:00:00'), hasSomebody: true };
  expect(shutOf(rules, one, at)).toEqual({ is: 'closed', opensAt: shanghai('2026-10-02T10:00:00') });
  expect(shutOf(rules, queue, { now: at.now, hasSomebody: false })).toEqual({ is: 'nobody' });
});

test('the hour that a summer time leaves out or repeats does not lose an opening', () => {
  const rules = rulesWith((r) => {
    r.timeZone = 'Europe/Berlin';
    personal(r).hours = week([{ from: '09:00', to: '17:00' }]);
  });
  const next = (utc: string) => nextOpening(rules.queues[1]!, rules.timeZone, Date.parse(utc));
  expect(next('2026-03-28T20:00:00Z')).toBe(Date.parse('2026-03-29T07:00:00Z'));
  expect(next('2026-10-24T20:00:00Z')).toBe(Date.parse('2026-10-25T08:00:00Z'));
});
