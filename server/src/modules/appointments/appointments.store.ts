import { sql } from 'kysely';
import type { AppointmentAt, AppointmentPlan, Language, Text } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type AppointmentRow = {
  id: string;
  plan_id: string;
  branch_id: string;
  family: string;
  service_id: string;
  language: Language;
  minutes: number;
  starts_at: number;
  state: AppointmentAt;
  since: number;
  booked_at: number;
  holds_place: boolean;
  holder: string | null;
  booked_by: string | null;
  code: Buffer | null;
  visit_case_id: string | null;
  visit_kiosk_id: string | null;
};
export type PlanRow = { id: string; name: Text; version: number; body: AppointmentPlan };
export type SlotRow = { plan_id: string; family: string; starts_at: number; planned: number; taken: number };
type AppointmentsTables = {
  'appointments.appointment': AppointmentRow;
  'appointments.plan': PlanRow;
  'appointments.plan_branch': { branch_id: string; plan_id: string };
  'appointments.slot': SlotRow;
};

const on = (reader: Queryable) => reader.as<AppointmentsTables>();

export const insertAppointment = (tx: Tx, row: AppointmentRow) =>
  on(tx).insertInto('appointments.appointment').values(row).execute();
export const lockAppointment = (tx: Tx, id: string) =>
  on(tx).selectFrom('appointments.appointment').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const appointmentById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('appointments.appointment').selectAll().where('id', '=', id).executeTakeFirst();
export const updateAppointment = (tx: Tx, id: string, set: Partial<Omit<AppointmentRow, 'id'>>) =>
  on(tx).updateTable('appointments.appointment').set(set).where('id', '=', id).execute();
/** What a device shows: the newest that it holds. */
export const heldBy = (reader: Queryable, holder: string) =>
  on(reader)
    .selectFrom('appointments.appointment')
    .selectAll()
    .where('holder', '=', holder)
    .orderBy('booked_at', 'desc')
    .orderBy('since', 'desc')
    .executeTakeFirst();
export const bookedBy = (reader: Queryable, holder: string) =>
  on(reader)
    .selectFrom('appointments.appointment')
    .select('id')
    .where('holder', '=', holder)
    .where('state', '=', 'booked')
    .executeTakeFirst();
/** How many of those that a device booked are still to come. */
export const countOpenOf = async (reader: Queryable, bookedBy: string): Promise<number> =>
  Number(
    (
      await on(reader)
        .selectFrom('appointments.appointment')
        .select(({ fn }) => fn.countAll().as('open'))
        .where('booked_by', '=', bookedBy)
        .where('state', '=', 'booked')
        .executeTakeFirst()
    )?.open ?? 0,
  );
/** Appointments to come, or missed after an instant, that devices hold or that are named themselves. */
export const awaitedAmong = (reader: Queryable, ids: readonly string[], missedAfter: number) =>
  on(reader)
    .selectFrom('appointments.appointment')
    .select(['id', 'holder', 'service_id'])
    .where((eb) => eb.or([eb('holder', 'in', ids), eb('id', 'in', ids)]))
    .where((eb) =>
      eb.or([eb('state', '=', 'booked'), eb.and([eb('state', '=', 'missed'), eb('starts_at', '>', missedAfter)])]),
    )
    .execute();
/** The appointment with which the customer of a case came. */
export const byVisit = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('appointments.appointment').selectAll().where('visit_case_id', '=', caseId).executeTakeFirst();
export const ofBranchBetween = (reader: Queryable, branchId: string, { from, to }: { from: number; to: number }) =>
  on(reader)
    .selectFrom('appointments.appointment')
    .selectAll()
    .where('branch_id', '=', branchId)
    .where('starts_at', '>=', from)
    .where('starts_at', '<', to)
    .orderBy('starts_at')
    .orderBy('booked_at')
    .execute();
/** Booked ones that begin after an instant. */
export const comingOfPlan = (reader: Queryable, planId: string, after: number) =>
  on(reader)
    .selectFrom('appointments.appointment')
    .selectAll()
    .where('plan_id', '=', planId)
    .where('state', '=', 'booked')
    .where('starts_at', '>', after)
    .orderBy('starts_at')
    .execute();
/** Booked ones that began before an instant, locked; those that another process has in hand are left to it. */
export const bookedBefore = (tx: Tx, before: number) =>
  on(tx)
    .selectFrom('appointments.appointment')
    .selectAll()
    .where('state', '=', 'booked')
    .where('starts_at', '<', before)
    .orderBy('id')
    .limit(500)
    .forUpdate()
    .skipLocked()
    .execute();

/**
 * Takes minutes of one or more slots of a skill, all or nothing; false: one of them has not so many left. One
 * statement: who comes at the same time waits for the row and then sees what is left.
 */
export async function takeSlots(
  tx: Tx,
  wish: { planId: string; family: string; starts: number[]; minutes: number[] },
): Promise<boolean> {
  const { planId, family, starts, minutes } = wish;
  const { rows } = await sql<{ starts_at: number }>`
    with wanted as materialized (
      select s.starts_at, w.minutes
      from unnest(${starts}::bigint[], ${minutes}::integer[]) as w (starts_at, minutes)
      join appointments.slot s on s.plan_id = ${planId}::uuid and s.family = ${family} and s.starts_at = w.starts_at
      where s.taken + w.minutes <= s.planned
      order by s.starts_at
      for update of s
    )
    update appointments.slot s set taken = s.taken + wanted.minutes
    from wanted
    where s.plan_id = ${planId}::uuid and s.family = ${family} and s.starts_at = wanted.starts_at
      and (select count(*) from wanted) = ${starts.length}
    returning s.starts_at`.execute(on(tx));
  return rows.length === starts.length;
}
/** Gives minutes back to the slots they were taken of. */
export const giveBack = (tx: Tx, wish: { planId: string; family: string; starts: number[]; minutes: number[] }) =>
  sql`
    update appointments.slot s set taken = greatest(0, s.taken - w.minutes)
    from unnest(${wish.starts}::bigint[], ${wish.minutes}::integer[]) as w (starts_at, minutes)
    where s.plan_id = ${wish.planId}::uuid and s.family = ${wish.family} and s.starts_at = w.starts_at`.execute(on(tx));

export const slotsBetween = (
  reader: Queryable,
  { planId, family, from, to }: { planId: string; family?: string; from: number; to: number },
) => {
  let query = on(reader)
    .selectFrom('appointments.slot')
    .selectAll()
    .where('plan_id', '=', planId)
    .where('starts_at', '>=', from)
    .where('starts_at', '<', to);
  if (family !== undefined) query = query.where('family', '=', family);
  return query.orderBy('family').orderBy('starts_at').execute();
};
/** Whether any slot to come has this skill planned. */
export const hasSlotAfter = (
  reader: Queryable,
  { planId, family, after }: { planId: string; family: string; after: number },
) =>
  on(reader)
    .selectFrom('appointments.slot')
    .select('starts_at')
    .where('plan_id', '=', planId)
    .where('family', '=', family)
    .where('starts_at', '>', after)
    .where('planned', '>', 0)
    .limit(1)
    .executeTakeFirst();
/** Writes what is planned for the slots of a span; those without a plan stay with nobody while something is booked. */
export async function replan(
  tx: Tx,
  {
    planId,
    from,
    slots,
  }: { planId: string; from: number; slots: { family: string; startsAt: number; planned: number }[] },
): Promise<void> {
  await sql`update appointments.slot set planned = 0 where plan_id = ${planId}::uuid and starts_at >= ${from}`.execute(
    on(tx),
  );
  await sql`
    insert into appointments.slot (plan_id, family, starts_at, planned)
    select ${planId}::uuid, w.family, w.starts_at, w.planned
    from unnest(${slots.map(({ family }) => family)}::text[], ${slots.map(({ startsAt }) => startsAt)}::bigint[],
      ${slots.map(({ planned }) => planned)}::integer[]) as w (family, starts_at, planned)
    where w.starts_at >= ${from}
    on conflict (plan_id, family, starts_at) do update set planned = excluded.planned`.execute(on(tx));
  await sql`delete from appointments.slot where plan_id = ${planId}::uuid and starts_at >= ${from} and planned = 0 and taken = 0`.execute(
    on(tx),
  );
}
export const dropSlotsBefore = (tx: Tx, before: number) =>
  on(tx).deleteFrom('appointments.slot').where('starts_at', '<', before).execute();

export const insertPlan = (tx: Tx, row: PlanRow) =>
  on(tx)
    .insertInto('appointments.plan')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute();
export const allPlans = (reader: Queryable) =>
  on(reader).selectFrom('appointments.plan').selectAll().orderBy('id').execute();
/** Locked against bookings and other changes until the end of the change. */
export const lockPlan = (tx: Tx, id: string) =>
  on(tx).selectFrom('appointments.plan').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
/** Read so that it can't change meanwhile, while any number may book under it. */
export const sharePlan = (tx: Tx, id: string) =>
  on(tx).selectFrom('appointments.plan').selectAll().where('id', '=', id).forShare().executeTakeFirst();
export const planById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('appointments.plan').selectAll().where('id', '=', id).executeTakeFirst();
export const planIdOfBranch = async (reader: Queryable, branchId: string) =>
  (
    await on(reader)
      .selectFrom('appointments.plan_branch')
      .select('plan_id')
      .where('branch_id', '=', branchId)
      .executeTakeFirst()
  )?.plan_id;
export const planOfBranch = (reader: Queryable, branchId: string) =>
  on(reader)
    .selectFrom('appointments.plan_branch as b')
    .innerJoin('appointments.plan as p', 'p.id', 'b.plan_id')
    .selectAll('p')
    .where('b.branch_id', '=', branchId)
    .executeTakeFirst();
export const savePlan = (tx: Tx, id: string, set: Pick<PlanRow, 'version' | 'body'>) =>
  on(tx).updateTable('appointments.plan').set(set).where('id', '=', id).execute();
/** The branches of these that are in another plan. */
export const branchesElsewhere = (reader: Queryable, planId: string, branchIds: string[]) =>
  on(reader)
    .selectFrom('appointments.plan_branch')
    .select('branch_id')
    .where('branch_id', 'in', branchIds.length > 0 ? branchIds : ['00000000-0000-0000-0000-000000000000'])
    .where('plan_id', '<>', planId)
    .execute();
export async function saveBranches(tx: Tx, planId: string, branchIds: string[]): Promise<void> {
  await on(tx).deleteFrom('appointments.plan_branch').where('plan_id', '=', planId).execute();
  if (branchIds.length > 0)
    await on(tx)
      .insertInto('appointments.plan_branch')
      .values(branchIds.map((branch_id) => ({ branch_id, plan_id: planId })))
      .execute();
}
