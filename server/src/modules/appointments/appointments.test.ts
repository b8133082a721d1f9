import { randomUUID } from 'node:crypto';
import { AppointmentPlan } from '@openvtm/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { keysFrom } from '../../kernel/crypto.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { appointmentsSchema, openAppointments, type Appointments } from './index.ts';

const [branchId, otherBranch, planId] = [randomUUID(), randomUUID(), randomUUID()];
const MINUTE = 60_000;
/** Wednesday, nine in the morning in Shanghai. */
const NINE = Date.parse('2026-11-25T01:00:00Z');
const TEN = NINE + 60 * MINUTE;
const families = ['cards', 'corporate'];

const planOf = (changes: Record<string, unknown> = {}): AppointmentPlan =>
  AppointmentPlan.parse({
    zone: 'Asia/Shanghai',
    branches: [{ branchId, hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '12:00' }], holidays: [] }],
    shifts: [{ family: 'cards', days: [3], from: '09:00', to: '12:00', staff: 1 }],
    dates: [],
    rules: {},
    ...changes,
  });

let fresh: TestDatabase;
let appointments: Appointments;
let facts: Fact[];
let now: number;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;

beforeEach(async () => {
  fresh = await testDatabase([appointmentsSchema]);
  appointments = openAppointments({ database: fresh.database, keys: keysFrom(Buffer.alloc(32, 7)) });
  facts = [];
  now = NINE;
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
  await change((work) =>
    appointments.addPlan(work, { id: planId, name: { 'zh-CN': '一', en: 'One' }, body: planOf() }),
  );
});
afterEach(() => fresh.close());

const book = (wish: { startsAt?: number; minutes?: number; holder?: string; at?: string } = {}) => {
  const { startsAt = TEN, minutes = 8, holder = randomUUID(), at = branchId } = wish;
  return change((work) =>
    appointments.book(work, {
      branchId: at,
      serviceId: 'replace-lost-card',
      family: 'cards',
      minutes,
      startsAt,
      language: 'zh-CN',
      holder,
      onPhone: true,
    }),
  );
};
const had = async (wish: Parameters<typeof book>[0] = {}) => {
  const booked = await book(wish);
  if (booked.is !== 'booked') throw new Error(booked.is);
  return booked.appointmentId;
};
const save = (plan: AppointmentPlan, wish: { version?: number; keepBooked?: boolean; id?: string } = {}) =>
  change((work) =>
    appointments.changePlan(work, {
      planId: wish.id ?? planId,
      version: wish.version ?? 1,
      body: plan,
      keepBooked: wish.keepBooked ?? false,
      families,
      branches: [branchId, otherBranch],
    }),
  );
const taken = async (startsAt = TEN) => {
  const { rows } = await fresh.database.pool.query<{ taken: number }>(
    'select taken from appointments.slot where starts_at = $1',
    [startsAt],
  );
  return rows[0]?.taken;
};

describe('a slot', () => {
  test('holds as many minutes as staff are planned, however many book at once', async () => {
    // Half an hour of one agent: three of eight minutes each.
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => book()));
    expect(outcomes.filter(({ is }) => is === 'booked')).toHaveLength(3);
    expect(outcomes.filter(({ is }) => is === 'full')).toHaveLength(17);
    expect(await taken()).toBe(24);
  });

  test('of a long service is taken with those that follow, or not at all', async () => {
    expect(await book({ minutes: 40 })).toMatchObject({ is: 'booked' });
    expect([await taken(TEN), await taken(TEN + 30 * MINUTE)]).toEqual([30, 10]);
    // Half past nine has room for its first half only: ten o'clock is full.
    expect(await book({ minutes: 40, startsAt: TEN - 30 * MINUTE })).toEqual({ is: 'full' });
    expect(await taken(TEN - 30 * MINUTE)).toBe(0);
    const crossing = await Promise.all(
      [0, 30, 60, 30, 0, 60].map((after) => book({ minutes: 60, startsAt: TEN + (60 + after) * MINUTE - 60 * MINUTE })),
    );
    expect(crossing.every(({ is }) => is === 'booked' || is === 'full' || is === 'closed')).toBe(true);
    const { rows } = await fresh.database.pool.query('select * from appointments.slot where taken > planned');
    expect(rows).toEqual([]);
  });

  test.each([
    ['too soon', NINE + 29 * MINUTE],
    ['past', NINE - 7 * 24 * 60 * MINUTE],
    ['too far ahead', TEN + 14 * 24 * 60 * MINUTE],
    ['before the branch opens', NINE - 30 * MINUTE + 7 * 24 * 60 * MINUTE],
  ])('%s is closed', async (_, startsAt) => {
    expect(await book({ startsAt })).toEqual({ is: 'closed' });
  });

  test('is full where nobody is planned and between the half hours, and closed at a branch without a plan', async () => {
    expect(await book({ startsAt: TEN + 24 * 60 * MINUTE })).toEqual({ is: 'full' });
    expect(await book({ startsAt: TEN + 7 * MINUTE })).toEqual({ is: 'full' });
    expect(await book({ at: otherBranch })).toEqual({ is: 'closed' });
  });

  test('is closed on a holiday and offered no more', async () => {
    const holiday = planOf({
      branches: [{ branchId, hours: [{ days: [3], from: '09:00', to: '12:00' }], holidays: ['2026-11-25'] }],
    });
    expect(await save(holiday)).toEqual({ is: 'saved', version: 2 });
    expect(await book()).toEqual({ is: 'closed' });
    const free = await appointments.free({ branchId, serviceId: 'x', family: 'cards', minutes: 8, now });
    expect(free?.days.map(({ date }) => date)).toEqual(['2026-12-02']);
  });
});

describe('an appointment', () => {
  test('is one at a time for a phone, also when it books twice at once', async () => {
    const holder = randomUUID();
    const outcomes = await Promise.allSettled([book({ holder }), book({ holder })]);
    const { rows } = await fresh.database.pool.query(`select * from appointments.appointment where state = 'booked'`);
    expect(rows).toHaveLength(1);
    expect(outcomes.some((one) => one.status === 'fulfilled' && one.value.is === 'booked')).toBe(true);
    expect(await book({ holder, startsAt: TEN + 30 * MINUTE })).toEqual({ is: 'holds-one' });
  });

  test('moved gives its old place back only when it has the new one', async () => {
    const holder = randomUUID();
    const appointmentId = await had({ holder });
    for (let i = 0; i < 3; i += 1) await had({ startsAt: TEN + 30 * MINUTE });
    const move = (startsAt: number, who = holder) =>
      change((work) =>
        appointments.move(work, {
          appointmentId,
          holder: who,
          startsAt,
          serviceId: 'replace-lost-card',
          family: 'cards',
          minutes: 8,
        }),
      );
    expect(await move(TEN + 30 * MINUTE)).toEqual({ is: 'full' });
    expect(await taken()).toBe(8);
    expect(await move(TEN + 60 * MINUTE)).toMatchObject({ is: 'booked', appointmentId });
    expect([await taken(TEN), await taken(TEN + 60 * MINUTE)]).toEqual([0, 8]);
    await expect(move(TEN, randomUUID())).rejects.toMatchObject({ code: 'not-found' });
  });

  test('cancelled by its holder, called off by its own branch only; the place is free again', async () => {
    const holder = randomUUID();
    const mine = await had({ holder });
    const refused = { code: 'not-found' };
    await expect(
      change((work) => appointments.cancel(work, { appointmentId: mine, holder: randomUUID() })),
    ).rejects.toMatchObject(refused);
    await change((work) => appointments.cancel(work, { appointmentId: mine, holder }));
    expect(await taken()).toBe(0);
    expect(await appointments.heldBy(holder)).toBeNull();
    const theirs = await had({ holder });
    await expect(
      change((work) => appointments.callOff(work, { appointmentId: theirs, branchId: otherBranch })),
    ).rejects.toMatchObject(refused);
    await change((work) => appointments.callOff(work, { appointmentId: theirs, branchId }));
    expect(await appointments.heldBy(holder)).toMatchObject({ at: 'called-off', code: null });
    await expect(
      change((work) => appointments.callOff(work, { appointmentId: theirs, branchId })),
    ).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('shows its code to its holder, and keeps none in plain', async () => {
    const holder = randomUUID();
    const appointmentId = await had({ holder });
    await change((work) => appointments.keepCode(work, appointmentId, 'ABCD-2345'));
    expect(await appointments.heldBy(holder)).toMatchObject({ code: 'ABCD-2345', at: 'booked' });
    const { rows } = await fresh.database.pool.query<{ row: string }>(
      'select a::text as row from appointments.appointment a',
    );
    expect(rows.map(({ row }) => row).join()).not.toContain('ABCD');
  });

  test('that nobody comes to gives its place back ten minutes after its time, once, and is still let in late', async () => {
    const appointmentId = await had();
    const release = () => change((work) => appointments.releaseMissed(work));
    now = TEN + 10 * MINUTE;
    expect(await release()).toBe(0);
    now += 1;
    // Two processes look at once.
    const [one, other] = await Promise.all([release(), release()]);
    expect((one ?? 0) + (other ?? 0)).toBe(1);
    expect(await taken()).toBe(0);
    expect(facts.filter(({ kind }) => kind === 'appointment.missed')).toHaveLength(1);
    expect(await change((work) => appointments.coming(work, appointmentId))).toMatchObject({ coming: 'late' });
    // The clock was wrong and is put right: the customer is in time after all.
    now = TEN;
    const [caseId, kioskId] = [randomUUID(), randomUUID()];
    await change((work) => appointments.arrive(work, { appointmentId, kioskId, caseId }));
    expect(await appointments.ofVisit(caseId)).toMatchObject({ at: 'arrived', startsAt: TEN });
    await expect(change((work) => appointments.arrive(work, { appointmentId, kioskId, caseId }))).rejects.toMatchObject(
      { code: 'wrong-state' },
    );
    expect(await taken()).toBe(0);
  });

  test('is on its branch’s list of the day, by the branch’s own clock', async () => {
    await had();
    await had({ startsAt: TEN + 30 * MINUTE });
    await had({ startsAt: TEN + 7 * 24 * 60 * MINUTE });
    expect((await appointments.today(branchId, now)).map(({ startsAt }) => startsAt)).toEqual([TEN, TEN + 30 * MINUTE]);
    expect(await appointments.today(otherBranch, now)).toEqual([]);
    expect(await appointments.today(branchId, Date.parse('2026-11-25T16:00:00Z'))).toEqual([]);
  });
});

describe('a plan', () => {
  const nobody = planOf({ shifts: [{ family: 'cards', days: [3], from: '11:00', to: '12:00', staff: 1 }] });

  test('below what is booked is refused with the slots, or kept on purpose and marked', async () => {
    await had();
    expect(await save(nobody)).toEqual({
      is: 'booked-beyond',
      slots: [{ family: 'cards', startsAt: TEN, planned: 0, booked: 8 }],
    });
    expect(await book()).toMatchObject({ is: 'booked' });
    expect(await save(nobody, { keepBooked: true })).toEqual({ is: 'saved', version: 2 });
    expect(await appointments.today(branchId, now)).toMatchObject([{ beyondPlan: true }, { beyondPlan: true }]);
    expect(await book()).toEqual({ is: 'full' });
    // What is beyond the plan already does not stand in the way of another change.
    expect(await save(nobody, { version: 2 })).toEqual({ is: 'saved', version: 3 });
  });

  test('that closes the branch at a booked time is refused too', async () => {
    await had();
    const branches = [{ branchId, hours: [{ days: [3], from: '11:00', to: '12:00' }], holidays: [] }];
    expect(await save(planOf({ branches }))).toMatchObject({ is: 'booked-beyond', slots: [{ startsAt: TEN }] });
    expect(await save(planOf({ branches: [] }))).toMatchObject({ is: 'booked-beyond' });
  });

  test('is changed by one of two who had read the same', async () => {
    const more = planOf({ shifts: [{ family: 'cards', days: [3], from: '09:00', to: '12:00', staff: 2 }] });
    const outcomes = await Promise.all([save(more), save(more)]);
    expect(outcomes.map(({ is }) => is).toSorted()).toEqual(['outdated', 'saved']);
    expect(facts.filter(({ kind }) => kind === 'appointment.plan-changed')).toHaveLength(1);
  });

  test('cut while customers book never has more booked than it knew of', async () => {
    const [saved] = await Promise.all([save(nobody), ...Array.from({ length: 6 }, () => book())]);
    const { rows } = await fresh.database.pool.query<{ taken: number; planned: number }>(
      'select taken, planned from appointments.slot where starts_at = $1',
      [TEN],
    );
    // Either the plan was first, and nobody could book, or it saw them and was refused.
    expect(rows).toEqual(saved?.is === 'saved' ? [] : [{ taken: 24, planned: 30 }]);
  });

  test.each<[string, Record<string, unknown>, object]>([
    ['an unknown zone', { zone: 'Asia/Peking' }, { list: 'zone', why: 'unknown-zone' }],
    [
      'a shift that ends before it begins',
      { shifts: [{ family: 'cards', days: [3], from: '12:00', to: '09:00', staff: 1 }] },
      { list: 'shifts', line: 0, why: 'ends-before-it-begins' },
    ],
    [
      'a skill that no service asks for',
      { shifts: [{ family: 'magic', days: [3], from: '09:00', to: '12:00', staff: 1 }] },
      { list: 'shifts', line: 0, why: 'unknown-family' },
    ],
    [
      'two shifts over each other',
      {
        shifts: [
          { family: 'cards', days: [1, 3], from: '09:00', to: '12:00', staff: 1 },
          { family: 'cards', days: [3, 4], from: '11:30', to: '13:00', staff: 2 },
        ],
      },
      { list: 'shifts', line: 1, why: 'overlaps' },
    ],
    [
      'a branch that nobody knows',
      { branches: [{ branchId: randomUUID(), hours: [], holidays: [] }] },
      { list: 'branches', line: 0, why: 'unknown-branch' },
    ],
  ])('with %s is refused, and the old one stays', async (_, changes, flaw) => {
    expect(await save(planOf(changes))).toMatchObject({ is: 'wrong', flaws: [flaw] });
    expect(await appointments.planOf(branchId, now)).toMatchObject({ version: 1 });
  });

  test('can’t take a branch that is in another one', async () => {
    const other = await change((work) =>
      appointments.addPlan(work, { name: { 'zh-CN': '二', en: 'Two' }, body: planOf({ branches: [] }) }),
    );
    expect(await save(planOf(), { id: other })).toMatchObject({
      is: 'wrong',
      flaws: [{ list: 'branches', line: 0, why: 'in-another-plan' }],
    });
  });

  test('reaches on with the days', async () => {
    const last = async () => (await appointments.planOf(branchId, now))?.load.at(-1)?.startsAt;
    const before = await last();
    now += 7 * 24 * 60 * MINUTE;
    await change((work) => appointments.tend(work));
    expect(await last()).toBe((before ?? 0) + 7 * 24 * 60 * MINUTE);
  });
});
