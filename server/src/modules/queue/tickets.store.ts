import { sql, type ColumnType, type Generated, type GeneratedAlways } from 'kysely';
import type { Language } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { OverflowReason } from './routing.ts';

/** The skill or the queue that an agent chose for a customer who is passed on. */
export type PassedTo = { is: 'skill'; skill: string } | { is: 'queue'; queueId: string };
export type TicketState = 'waiting' | 'offered' | 'served' | 'left' | 'abandoned' | 'call-back';
export type TicketRow = {
  id: string;
  case_id: string;
  kiosk_id: string;
  service_id: string;
  skills: Record<string, number>;
  language: Language;
  minutes: number;
  state: TicketState;
  joined_at: number;
  absent_since: number | null;
  ended_at: number | null;
  end_reason: string | null;
  branch_id: string | null;
  family: string;
  priority: number;
  vip: boolean;
  elder: boolean;
  hand_back: boolean;
  passed_on: boolean;
  passed_by: string | null;
  passed_to: PassedTo | null;
  appointment_at: number | null;
  counts_from: number | null;
  preferred_staff_id: string | null;
  preferred_until: number | null;
  queue_id: string;
  left_queues: { queueId: string; reason: OverflowReason }[];
  rules_version: number;
  placed_look: number;
  lanes: number[];
  step: number;
  lane: number | null;
  head_start: number;
  rank: number;
  due_at: number | null;
  goal_ms: number;
  made_at: number;
  offers: number;
  promised_at: number | null;
  promised_from_ms: number | null;
  promised_to_ms: number | null;
  overdue_since: number | null;
  waits_on_since: number | null;
  call_back_until: number | null;
};
export type NewTicket = Omit<TicketRow, 'rank' | 'placed_look'>;
type TicketTables = {
  'queue.ticket': Omit<TicketRow, 'rank' | 'placed_look' | 'left_queues'> & {
    rank: GeneratedAlways<number>;
    placed_look: Generated<number>;
    // A list goes into jsonb as text, or pg takes it for an array.
    left_queues: ColumnType<TicketRow['left_queues'], string, string>;
  };
};

const on = (reader: Queryable) => reader.as<TicketTables>();
/** So many are given up in one transaction; the next ones at the next look. */
const MOST_AT_ONCE = 100;
const OPEN: TicketState[] = ['waiting', 'offered'];
const KEPT: TicketState[] = [...OPEN, 'call-back'];

export const insertTicket = (tx: Tx, row: NewTicket) =>
  on(tx)
    .insertInto('queue.ticket')
    .values({ ...row, left_queues: JSON.stringify(row.left_queues) })
    .execute();

/** Also one whose customer wants to be called. */
export const keptTicketOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('state', 'in', KEPT)
    .executeTakeFirst();
export const lastTicketOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst();
export const openTicketOfKiosk = (reader: Queryable, kioskId: string) =>
  on(reader)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .where('state', 'in', OPEN)
    .executeTakeFirst();
export const ticketById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('queue.ticket').selectAll().where('id', '=', id).executeTakeFirst();
export const waitingKiosks = (reader: Queryable) =>
  on(reader).selectFrom('queue.ticket').select('kiosk_id').where('state', 'in', OPEN).orderBy('joined_at').execute();

export const endTicket = (tx: Tx, id: string, end: { state: 'left' | 'abandoned'; reason: string; now: number }) =>
  on(tx)
    .updateTable('queue.ticket')
    .set({ state: end.state, ended_at: end.now, end_reason: end.reason })
    .where('id', '=', id)
    .where('state', 'in', KEPT)
    .returningAll()
    .executeTakeFirst();
/** Changes a ticket that is in one of these states; none: it is not any more. */
export const changeTicket = (
  tx: Tx,
  id: string,
  { from, set }: { from: TicketState[]; set: Partial<Omit<NewTicket, 'id' | 'left_queues'>> },
) =>
  on(tx)
    .updateTable('queue.ticket')
    .set(set)
    .where('id', '=', id)
    .where('state', 'in', from)
    .returningAll()
    .executeTakeFirst();
/** Held for nobody any more: who was preferred was asked. */
export const backToWaiting = (tx: Tx, id: string) =>
  changeTicket(tx, id, { from: ['offered'], set: { state: 'waiting', preferred_until: null } });
/** Tickets that were held for this agent alone are for anybody from now on. */
export const releaseHeld = (tx: Tx, staffId: string) =>
  on(tx)
    .updateTable('queue.ticket')
    .set({ preferred_until: null })
    .where('preferred_staff_id', '=', staffId)
    .where('state', '=', 'waiting')
    .where('preferred_until', 'is not', null)
    .returningAll()
    .execute();

/**
 * Tickets whose place is to be worked out anew: by the clock, because it is of older rules than these, or because the
 * staffing of one of these lanes changed after it. Those that somebody else works on are left for the next time.
 */
export const dueTickets = (
  tx: Tx,
  wish: { now: number; version: number; unsettled: { lanes: number[]; look: number } | null; limit: number },
) =>
  on(tx)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('state', 'in', OPEN)
    .where((where) =>
      where.or([
        where('due_at', '<=', wish.now),
        where('rules_version', '<', wish.version),
        ...(wish.unsettled
          ? [
              where.and([
                where('placed_look', '<', wish.unsettled.look),
                where(sql`lanes`, '&&', sql`${`{${wish.unsettled.lanes.join(',')}}`}::integer[]`),
              ]),
            ]
          : []),
      ]),
    )
    .limit(wish.limit)
    .forUpdate()
    .skipLocked()
    .execute();

/** What places give to tickets; what is equal for all is written once. */
export type PlacedTicket = Pick<
  TicketRow,
  | 'id'
  | 'queue_id'
  | 'left_queues'
  | 'lanes'
  | 'step'
  | 'lane'
  | 'head_start'
  | 'counts_from'
  | 'preferred_until'
  | 'overdue_since'
  | 'due_at'
  | 'goal_ms'
>;
export const placeTickets = (tx: Tx, rows: readonly PlacedTicket[], version: number) =>
  sql`update queue.ticket t set rules_version = ${version}, placed_look = nextval('queue.look'), queue_id = p.queue_id, left_queues = p.left_queues,
      lanes = p.lanes, step = p.step, lane = p.lane, head_start = p.head_start, counts_from = p.counts_from,
      preferred_until = p.preferred_until, overdue_since = p.overdue_since, due_at = p.due_at, goal_ms = p.goal_ms
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as p (id uuid, queue_id text, left_queues jsonb,
      lanes integer[], step integer, lane integer, head_start integer, counts_from bigint, preferred_until bigint,
      overdue_since bigint, due_at bigint, goal_ms integer)
    where t.id = p.id`.execute(on(tx));

export const keepPromise = (reader: Queryable, id: string, told: { at: number; fromMs: number; toMs: number }) =>
  on(reader)
    .updateTable('queue.ticket')
    .set({ promised_at: told.at, promised_from_ms: told.fromMs, promised_to_ms: told.toMs })
    .where('id', '=', id)
    .where('promised_at', 'is', null)
    .execute();

/** More ahead than anybody reads as a number. */
const MOST_AHEAD = 999;
/** Agents on duty who could take the ticket by its step, how many of them are free, and the lanes that they serve, too. */
async function takers(reader: Queryable, { lane, passed_by: passedBy }: Pick<TicketRow, 'lane' | 'passed_by'>) {
  const { rows } = await sql<{ on_duty: number; free: number; lanes: number[] | null }>`
    with able as materialized (
      select f.kind from queue.fit f where f.lane = ${lane}::integer
        and exists (select 1 from queue.agent a where a.kind = f.kind and a.state not in ('offline', 'break'))
    )
    select count(*) as on_duty, count(*) filter (where a.state = 'ready') as free,
      (select array_agg(distinct r.lane) from queue.fit r join able on able.kind = r.kind) as lanes
    from queue.agent a join able on able.kind = a.kind
    where a.state not in ('offline', 'break') and a.absent_since is null
      and a.staff_id is distinct from ${passedBy}::uuid`.execute(on(reader));
  return rows[0] ?? { on_duty: 0, free: 0, lanes: null };
}

/** What stands before a ticket among those that the same agents could take, and these agents; with none of them, in its queue. */
export async function standing(reader: Queryable, ticket: TicketRow) {
  const { id, rank, queue_id: queueId } = ticket;
  const { on_duty: onDuty, free, lanes } = await takers(reader, ticket);
  const rivals = lanes ? sql`t.lane = any(${`{${lanes.join(',')}}`}::integer[])` : sql`t.queue_id = ${queueId}`;
  const { rows } = await sql<{ ahead: number }>`
    select count(*) as ahead from (
      select 1 from queue.ticket t
      where ${rivals} and t.state in ('waiting', 'offered') and (t.rank, t.id) < (${rank}::bigint, ${id}::uuid)
      limit ${MOST_AHEAD}
    ) before`.execute(on(reader));
  return { ahead: rows[0]?.ahead ?? 0, onDuty, free };
}

export const callBackTickets = (reader: Queryable, branchId: string) =>
  on(reader)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('state', '=', 'call-back')
    .where('branch_id', '=', branchId)
    .orderBy('rank')
    .execute();

/** null: everybody's. */
export const setTicketAbsence = (tx: Tx, kioskId: string | null, since: number | null) => {
  const update = on(tx).updateTable('queue.ticket').set({ absent_since: since }).where('state', 'in', OPEN);
  return (kioskId ? update.where('kiosk_id', '=', kioskId) : update.where('absent_since', 'is', null))
    .returningAll()
    .execute();
};
/** Locked, and without those that somebody else is changing just now: who is coming back is not given up. */
export const ticketsAbsentSince = (tx: Tx, before: number) =>
  on(tx)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('state', 'in', OPEN)
    .where('absent_since', '<=', before)
    .limit(MOST_AT_ONCE)
    .forUpdate()
    .skipLocked()
    .execute();
/** Call-backs whose kept time is over. */
export const callBacksOver = (tx: Tx, now: number) =>
  on(tx)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('state', '=', 'call-back')
    .where('call_back_until', '<=', now)
    .limit(MOST_AT_ONCE)
    .forUpdate()
    .skipLocked()
    .execute();
