import { randomUUID } from 'node:crypto';
import type { AppointmentPlan } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database, Queryable, Tx } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { checkInOf, comingAt, dayEnds, nextAppointment, type AppointmentEvent } from './appointment-state.ts';
import {
  appointmentById,
  bookedBefore,
  awaitedAmong,
  bookedBy,
  byVisit,
  countOpenOf,
  giveBack,
  heldBy,
  insertAppointment,
  lockAppointment,
  ofBranchBetween,
  planById,
  planIdOfBranch,
  planOfBranch,
  sharePlan,
  slotsBetween,
  takeSlots,
  updateAppointment,
  type AppointmentRow,
} from './appointments.store.ts';
import type { AppointmentBrief, AppointmentFact, Appointments, BookableService } from './index.ts';
import { daysOf, isOpen, takenBy } from './slots.ts';
import { instantOf, localOf } from './zone.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const codeContext = (appointmentId: string) => `appointment:${appointmentId}:code`;

type Own = Omit<Appointments, 'free' | 'branchesFor' | 'plans' | 'planOf' | 'addPlan' | 'changePlan' | 'tend'>;

/** See `Appointments` for each one's contract. */
export function createAppointments({ database, keys }: { database: Database; keys: Keys }): Own {
  const record = (work: Work, row: AppointmentRow, what: Omit<AppointmentFact, 'about'> & { caseId?: string }) => {
    const { caseId, ...rest } = what;
    const kioskId = row.visit_kiosk_id ?? row.holder;
    const fact: AppointmentFact = {
      ...rest,
      about: {
        appointmentId: row.id,
        branchId: row.branch_id,
        ...(kioskId ? { kioskId } : {}),
        ...(caseId ? { caseId } : {}),
      },
    };
    work.record(fact);
  };
  const release = async (tx: Tx, row: AppointmentRow) => {
    if (!row.holds_place) return;
    await giveBack(tx, {
      planId: row.plan_id,
      family: row.family,
      ...takenBy({ startsAt: row.starts_at, minutes: row.minutes }),
    });
  };
  const mustBe = async (tx: Tx, appointmentId: string, holds: (row: AppointmentRow) => boolean) => {
    const row = await lockAppointment(tx, appointmentId);
    if (!row || !holds(row)) throw new Refusal('not-found', 'no such appointment');
    return row;
  };
  /** Ends it before anybody came; its code is nobody's any more. */
  const end = async (work: Work, row: AppointmentRow, event: Exclude<AppointmentEvent, { is: 'check-in' }>) => {
    const at = nextAppointment(row.state, event);
    if (!at) throw new Refusal('wrong-state', `an appointment that is ${row.state} is over`);
    await release(work.tx, row);
    await updateAppointment(work.tx, row.id, {
      state: at,
      since: work.now,
      holds_place: false,
      code: null,
      ...(at === 'cancelled' ? { holder: null } : {}),
    });
    record(work, row, { kind: `appointment.${at}` as AppointmentFact['kind'], data: { startsAt: row.starts_at } });
  };
  /** Whether the rules and the branch's hours let a service begin then. */
  const mayBook = (
    plan: AppointmentPlan,
    wish: { branchId: string; startsAt: number; minutes: number; now: number },
  ): boolean => {
    const { branchId, startsAt, minutes, now } = wish;
    const branch = plan.branches.find((one) => one.branchId === branchId);
    if (!branch || startsAt < now + plan.rules.noticeMinutes * MINUTE_MS) return false;
    if (!daysOf(plan, now).includes(localOf(startsAt, plan.zone).date)) return false;
    return isOpen(branch, { startsAt, minutes, zone: plan.zone });
  };
  /** The place itself; the plan stays as it is until the change is done. */
  const take = async (
    work: Work,
    wish: BookableService & { branchId: string; startsAt: number },
  ): Promise<{ is: 'had'; planId: string; lasts: number } | { is: 'full' | 'closed' }> => {
    const { branchId, startsAt, minutes, family } = wish;
    const planId = await planIdOfBranch(work.tx, branchId);
    const plan = planId && (await sharePlan(work.tx, planId));
    if (!plan || !mayBook(plan.body, { branchId, startsAt, minutes, now: work.now })) return { is: 'closed' };
    const had = await takeSlots(work.tx, { planId: plan.id, family, ...takenBy({ startsAt, minutes }) });
    return had ? { is: 'had', planId: plan.id, lasts: dayEnds(startsAt, plan.body.zone) } : { is: 'full' };
  };

  const briefIn = ({ zone, rules }: AppointmentPlan, row: AppointmentRow): AppointmentBrief => ({
    appointmentId: row.id,
    branchId: row.branch_id,
    serviceId: row.service_id,
    language: row.language,
    at: row.state,
    startsAt: row.starts_at,
    zone,
    checkIn: checkInOf(row.starts_at, rules),
    bookedAt: row.booked_at,
    holder: row.holder,
    code: row.code && row.state === 'booked' ? keys.unseal(row.code, codeContext(row.id)).open() : null,
    visit: row.visit_case_id && row.visit_kiosk_id ? { caseId: row.visit_case_id, kioskId: row.visit_kiosk_id } : null,
    beyondPlan: false,
  });
  const briefOf = async (reader: Queryable, row: AppointmentRow | undefined): Promise<AppointmentBrief | null> => {
    const plan = row && (await planById(reader, row.plan_id));
    return plan && row ? briefIn(plan.body, row) : null;
  };

  return {
    async book(work, { branchId, startsAt, language, holder, onPhone, serviceId, family, minutes }) {
      if (await bookedBy(work.tx, holder)) return { is: 'holds-one' };
      const rules = onPhone ? (await planOfBranch(work.tx, branchId))?.body.rules : undefined;
      if (rules && (await countOpenOf(work.tx, holder)) >= rules.openPerPhone) return { is: 'too-many' };
      const place = await take(work, { branchId, startsAt, serviceId, family, minutes });
      if (place.is !== 'had') return place;
      const row: AppointmentRow = {
        id: randomUUID(),
        plan_id: place.planId,
        branch_id: branchId,
        family,
        service_id: serviceId,
        language,
        minutes,
        starts_at: startsAt,
        state: 'booked',
        since: work.now,
        booked_at: work.now,
        holds_place: true,
        holder,
        booked_by: holder,
        code: null,
        visit_case_id: null,
        visit_kiosk_id: null,
      };
      await insertAppointment(work.tx, row);
      record(work, row, { kind: 'appointment.booked', data: { serviceId, startsAt } });
      return { is: 'booked', appointmentId: row.id, lasts: place.lasts };
    },

    async keepCode(work, appointmentId, code) {
      await updateAppointment(work.tx, appointmentId, { code: keys.seal(code, codeContext(appointmentId)) });
    },

    async move(work, { appointmentId, holder, startsAt, ...service }) {
      const row = await mustBe(work.tx, appointmentId, (one) => one.holder === holder);
      if (row.state !== 'booked') throw new Refusal('wrong-state', `an appointment that is ${row.state} is over`);
      if (row.starts_at === startsAt) return { is: 'closed' };
      const place = await take(work, { ...service, branchId: row.branch_id, startsAt });
      if (place.is !== 'had') return place;
      await release(work.tx, row);
      await updateAppointment(work.tx, row.id, {
        plan_id: place.planId,
        family: service.family,
        minutes: service.minutes,
        starts_at: startsAt,
        since: work.now,
        holds_place: true,
      });
      record(work, row, { kind: 'appointment.moved', data: { from: row.starts_at, to: startsAt } });
      return { is: 'booked', appointmentId: row.id, lasts: place.lasts };
    },

    async cancel(work, { appointmentId, holder }) {
      await end(work, await mustBe(work.tx, appointmentId, (row) => row.holder === holder), { is: 'cancel' });
    },
    async callOff(work, { appointmentId, branchId }) {
      await end(work, await mustBe(work.tx, appointmentId, (row) => row.branch_id === branchId), { is: 'call-off' });
    },
    async forget(work, { appointmentId, holder }) {
      const row = await mustBe(work.tx, appointmentId, (one) => one.holder === holder);
      await updateAppointment(work.tx, row.id, { holder: null, code: null });
      record(work, row, { kind: 'appointment.forgotten' });
    },

    async hold(work, { appointmentId, holder }) {
      const row = await lockAppointment(work.tx, appointmentId);
      if (row?.state !== 'booked') return { is: 'over' };
      const other = await bookedBy(work.tx, holder);
      if (other && other.id !== row.id) return { is: 'holds-one' };
      const before = row.holder;
      await updateAppointment(work.tx, row.id, { holder });
      record(work, { ...row, holder }, { kind: 'appointment.held' });
      // Told for the device before, too: it shows it no more.
      if (before && before !== holder) record(work, { ...row, holder: before }, { kind: 'appointment.forgotten' });
      const plan = await planById(work.tx, row.plan_id);
      return { is: 'held', lasts: dayEnds(row.starts_at, plan?.body.zone ?? 'UTC') };
    },

    async coming(work, appointmentId) {
      const row = await lockAppointment(work.tx, appointmentId);
      const plan = row && (await planById(work.tx, row.plan_id));
      if (!row || !plan || (row.state !== 'booked' && row.state !== 'missed')) return null;
      const { zone, rules } = plan.body;
      return { ...briefIn(plan.body, row), coming: comingAt({ startsAt: row.starts_at, zone, rules }, work.now) };
    },

    async arrive(work, { appointmentId, kioskId, caseId }) {
      const row = await mustBe(work.tx, appointmentId, () => true);
      const plan = await planById(work.tx, row.plan_id);
      if (!plan) throw new Refusal('not-found', 'no such plan');
      const { zone, rules } = plan.body;
      const event = { is: 'check-in', startsAt: row.starts_at, zone, rules, now: work.now } as const;
      const at = nextAppointment(row.state, event);
      if (at !== 'arrived' && at !== 'late') throw new Refusal('wrong-state', 'not the time to check in');
      // Who is late waits like everybody else: the place is somebody else's.
      if (at === 'late') await release(work.tx, row);
      await updateAppointment(work.tx, row.id, {
        state: at,
        since: work.now,
        code: null,
        holds_place: at === 'arrived' && row.holds_place,
        visit_case_id: caseId,
        visit_kiosk_id: kioskId,
      });
      const lateBy = Math.max(0, work.now - row.starts_at);
      record(work, { ...row, visit_kiosk_id: kioskId }, { kind: `appointment.${at}`, caseId, data: { lateBy } });
      if (row.holder && row.holder !== kioskId) record(work, row, { kind: 'appointment.forgotten' });
    },

    async refused(work, { appointmentId, kioskId, why }) {
      const row = await mustBe(work.tx, appointmentId, () => true);
      record(work, { ...row, visit_kiosk_id: kioskId }, { kind: 'appointment.refused', data: { why } });
    },

    async releaseMissed(work) {
      let missed = 0;
      for (const row of await bookedBefore(work.tx, work.now)) {
        const plan = await planById(work.tx, row.plan_id);
        if (!plan || work.now <= checkInOf(row.starts_at, plan.body.rules).until) continue;
        await release(work.tx, row);
        // The code goes on to bring its customer's case, be it late.
        await updateAppointment(work.tx, row.id, { state: 'missed', since: work.now, holds_place: false });
        record(work, row, { kind: 'appointment.missed', data: { startsAt: row.starts_at } });
        missed += 1;
      }
      return missed;
    },

    async awaited(devices, now) {
      if (devices.length === 0) return new Set();
      const ids = devices.map(({ deviceId }) => deviceId);
      const found = await awaitedAmong(database, ids, now - DAY_MS);
      const keys = new Set(found.flatMap(({ id, holder, service_id: of }) => [`${id} ${of}`, `${holder} ${of}`]));
      return new Set(devices.flatMap((one) => (keys.has(`${one.deviceId} ${one.serviceId}`) ? [one.deviceId] : [])));
    },

    async heldBy(kioskId) {
      return briefOf(database, await heldBy(database, kioskId));
    },
    async ofVisit(caseId, reader = database) {
      return briefOf(reader, await byVisit(reader, caseId));
    },
    async of(appointmentId) {
      return briefOf(database, await appointmentById(database, appointmentId));
    },

    async today(branchId, now) {
      const plan = await planOfBranch(database, branchId);
      if (!plan) return [];
      const { zone } = plan.body;
      const { date } = localOf(now, zone);
      const from = instantOf({ date, minute: 0 }, zone) ?? now;
      const to = instantOf({ date, minute: 1440 }, zone) ?? now;
      const rows = await ofBranchBetween(database, branchId, { from, to });
      const slots = await slotsBetween(database, { planId: plan.id, from, to });
      const over = new Set(
        slots.filter(({ taken, planned }) => taken > planned).map(({ family, starts_at }) => `${family} ${starts_at}`),
      );
      const hours = plan.body.branches.find((one) => one.branchId === branchId);
      return rows.map((row) => {
        const { starts } = takenBy({ startsAt: row.starts_at, minutes: row.minutes });
        const open = hours && isOpen(hours, { startsAt: row.starts_at, minutes: row.minutes, zone });
        const beyondPlan =
          row.state === 'booked' && (!open || starts.some((start) => over.has(`${row.family} ${start}`)));
        return { ...briefIn(plan.body, row), beyondPlan };
      });
    },
  };
}
