import { randomUUID } from 'node:crypto';
import { flawsOfPlan, type AppointmentPlan, type BookedBeyond, type PlanFlaw } from '@openvtm/protocol';
import type { Database, Queryable } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import {
  allPlans,
  branchesElsewhere,
  comingOfPlan,
  dropSlotsBefore,
  hasSlotAfter,
  insertPlan,
  lockPlan,
  planOfBranch,
  replan,
  saveBranches,
  savePlan,
  slotsBetween,
  type PlanRow,
} from './appointments.store.ts';
import type { AppointmentFact, Appointments, StoredPlan } from './index.ts';
import { daysOf, fitting, isOpen, plannedSlots, SLOT_MS } from './slots.ts';
import { instantOf, localOf } from './zone.ts';

type Plans = Pick<Appointments, 'free' | 'branchesFor' | 'plans' | 'planOf' | 'addPlan' | 'changePlan' | 'tend'>;

const MINUTE_MS = 60_000;
/** Slots of a quarter of a year ago tell nobody anything any more; the journal keeps what was. */
const KEEP_SLOTS_MS = 90 * 86_400_000;

/** The end of the last day that a plan reaches to. */
const horizonOf = (plan: AppointmentPlan, now: number): number =>
  instantOf({ date: daysOf(plan, now).at(-1) ?? '', minute: 1440 }, plan.zone) ?? now;

/** The staff planned for appointments, and the slots that come of it; see `Appointments` for each one's contract. */
export function createPlans({ database }: { database: Database }): Plans {
  /** Until which day each plan's slots were written by this process. */
  const written = new Map<string, string>();

  const record = (work: Work, planId: string, what: Omit<AppointmentFact, 'about'>) => {
    const fact: AppointmentFact = { ...what, about: { planId } };
    work.record(fact);
  };
  const write = async (work: Work, planId: string, body: AppointmentPlan) => {
    const days = daysOf(body, work.now);
    await replan(work.tx, { planId, from: work.now, slots: plannedSlots(body, days) });
    return days.at(-1) ?? '';
  };
  const stored = async (reader: Queryable, row: PlanRow, now: number): Promise<StoredPlan> => {
    const slots = await slotsBetween(reader, { planId: row.id, from: now - SLOT_MS, to: horizonOf(row.body, now) });
    return {
      planId: row.id,
      name: row.name,
      version: row.version,
      body: row.body,
      load: slots.map(({ family, starts_at, planned, taken }) => ({
        family,
        startsAt: starts_at,
        planned,
        booked: taken,
      })),
    };
  };

  /** Where a plan would hold less than is booked already. */
  const bookedBeyond = async (work: Work, planId: string, body: AppointmentPlan): Promise<BookedBeyond[]> => {
    const planned = new Map(
      plannedSlots(body, daysOf(body, work.now)).map((slot) => [`${slot.family} ${slot.startsAt}`, slot.planned]),
    );
    const slots = await slotsBetween(work.tx, { planId, from: work.now, to: Number.MAX_SAFE_INTEGER });
    const beyond = new Map<string, BookedBeyond>();
    for (const { family, starts_at, taken, planned: before } of slots) {
      const next = planned.get(`${family} ${starts_at}`) ?? 0;
      // What was beyond the plan already, and gets no worse, is no reason to refuse another change.
      if (taken > next && next < before)
        beyond.set(`${family} ${starts_at}`, { family, startsAt: starts_at, planned: next, booked: taken });
    }
    for (const row of await comingOfPlan(work.tx, planId, work.now)) {
      const branch = body.branches.find((one) => one.branchId === row.branch_id);
      const key = `${row.family} ${row.starts_at}`;
      if (branch && isOpen(branch, { startsAt: row.starts_at, minutes: row.minutes, zone: body.zone })) continue;
      const before = beyond.get(key);
      beyond.set(key, {
        family: row.family,
        startsAt: row.starts_at,
        planned: 0,
        booked: before?.booked ?? row.minutes,
      });
    }
    return [...beyond.values()].toSorted((a, b) => a.startsAt - b.startsAt);
  };

  return {
    async free({ branchId, family, minutes, now }) {
      const plan = await planOfBranch(database, branchId);
      const branch = plan?.body.branches.find((one) => one.branchId === branchId);
      if (!plan || !branch) return null;
      const { zone, rules } = plan.body;
      const from = now + rules.noticeMinutes * MINUTE_MS;
      const slots = await slotsBetween(database, { planId: plan.id, family, from, to: horizonOf(plan.body, now) });
      const days = new Map<string, number[]>();
      for (const startsAt of fitting(
        slots.map(({ starts_at, planned, taken }) => ({ startsAt: starts_at, planned, taken })),
        minutes,
      )) {
        if (!isOpen(branch, { startsAt, minutes, zone })) continue;
        const { date } = localOf(startsAt, zone);
        days.set(date, [...(days.get(date) ?? []), startsAt]);
      }
      return { zone, days: [...days].map(([date, starts]) => ({ date, slots: starts })) };
    },

    async branchesFor(family, now) {
      const found: string[] = [];
      for (const plan of await allPlans(database)) {
        if (await hasSlotAfter(database, { planId: plan.id, family, after: now }))
          found.push(...plan.body.branches.map(({ branchId }) => branchId));
      }
      return found;
    },

    async plans(now) {
      return Promise.all((await allPlans(database)).map((row) => stored(database, row, now)));
    },
    async planOf(branchId, now) {
      const row = await planOfBranch(database, branchId);
      return row ? stored(database, row, now) : null;
    },

    async addPlan(work, { id = randomUUID(), name, body }) {
      await insertPlan(work.tx, { id, name, version: 1, body });
      await saveBranches(
        work.tx,
        id,
        body.branches.map(({ branchId }) => branchId),
      );
      await write(work, id, body);
      record(work, id, { kind: 'appointment.plan-added' });
      return id;
    },

    async changePlan(work, { planId, version, body, keepBooked, families, branches }) {
      const row = await lockPlan(work.tx, planId);
      if (!row) throw new Refusal('not-found', 'no such plan');
      if (row.version !== version) return { is: 'outdated' };
      const ids = body.branches.map(({ branchId }) => branchId as string);
      const elsewhere = new Set((await branchesElsewhere(work.tx, planId, ids)).map(({ branch_id }) => branch_id));
      const flaws: PlanFlaw[] = flawsOfPlan(body, { families });
      ids.forEach((id, line) => {
        if (!branches.includes(id)) flaws.push({ list: 'branches', line, why: 'unknown-branch' });
        else if (elsewhere.has(id)) flaws.push({ list: 'branches', line, why: 'in-another-plan' });
      });
      if (flaws.length > 0) return { is: 'wrong', flaws };
      const beyond = await bookedBeyond(work, planId, body);
      if (beyond.length > 0 && !keepBooked) return { is: 'booked-beyond', slots: beyond };
      await savePlan(work.tx, planId, { version: version + 1, body });
      await saveBranches(work.tx, planId, ids);
      written.set(planId, await write(work, planId, body));
      record(work, planId, {
        kind: 'appointment.plan-changed',
        data: { version: version + 1, shifts: body.shifts.length, dates: body.dates.length, beyond: beyond.length },
      });
      return { is: 'saved', version: version + 1 };
    },

    async tend(work) {
      await dropSlotsBefore(work.tx, work.now - KEEP_SLOTS_MS);
      for (const { id } of await allPlans(work.tx)) {
        const row = await lockPlan(work.tx, id);
        if (!row || written.get(id) === daysOf(row.body, work.now).at(-1)) continue;
        written.set(id, await write(work, id, row.body));
      }
    },
  };
}
