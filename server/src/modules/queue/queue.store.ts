import { sql } from 'kysely';
import type { Language } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type TicketState = 'waiting' | 'offered' | 'served' | 'left' | 'abandoned';
export type AgentAt = 'offline' | 'ready' | 'offered' | 'in-call' | 'wrap-up' | 'break';
export type OfferState = 'open' | 'accepted' | 'declined' | 'expired' | 'rescinded';
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
  appointment_at: number | null;
  preferred_staff_id: string | null;
  preferred_until: number | null;
  made_at: number;
  /** Seconds by which it goes before tickets that joined with it. */
  head_start: number;
  /** From when on its appointment counts; null: it has none, or its customer came too late. */
  counts_from: number | null;
};
export type AgentRow = {
  staff_id: string;
  state: AgentAt;
  since: number;
  reason: string | null;
  call_id: string | null;
  skills: Record<string, number>;
  languages: Language[];
  absent_since: number | null;
};
export type OfferRow = {
  id: string;
  ticket_id: string;
  staff_id: string;
  call_id: string;
  made_at: number;
  deadline: number;
  state: OfferState;
  ended_at: number | null;
  reason: string | null;
};
type QueueTables = { 'queue.ticket': TicketRow; 'queue.agent': AgentRow; 'queue.offer': OfferRow };

const on = (reader: Queryable) => reader.as<QueueTables>();
const OPEN: TicketState[] = ['waiting', 'offered'];

export const insertTicket = (tx: Tx, row: TicketRow) => on(tx).insertInto('queue.ticket').values(row).execute();

export const openTicketOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('queue.ticket')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('state', 'in', OPEN)
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
    .where('state', 'in', OPEN)
    .returningAll()
    .executeTakeFirst();

export const agentById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('queue.agent').selectAll().where('staff_id', '=', id).executeTakeFirst();

export const lockAgent = (tx: Tx, id: string) =>
  on(tx).selectFrom('queue.agent').selectAll().where('staff_id', '=', id).forUpdate().executeTakeFirst();

export const saveAgent = (tx: Tx, row: AgentRow) =>
  on(tx)
    .insertInto('queue.agent')
    .values(row)
    .onConflict((c) => c.column('staff_id').doUpdateSet(row))
    .execute();

export const updateAgent = (tx: Tx, id: string, set: Partial<Omit<AgentRow, 'staff_id'>>) =>
  on(tx).updateTable('queue.agent').set(set).where('staff_id', '=', id).execute();

export const openOfferOfAgent = (reader: Queryable, staffId: string) =>
  on(reader)
    .selectFrom('queue.offer')
    .selectAll()
    .where('staff_id', '=', staffId)
    .where('state', '=', 'open')
    .executeTakeFirst();

export const openOfferOfTicket = (reader: Queryable, ticketId: string) =>
  on(reader)
    .selectFrom('queue.offer')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .where('state', '=', 'open')
    .executeTakeFirst();

/** Every open offer with its kiosk: what rings just now. */
export const openOffers = (reader: Queryable) =>
  on(reader)
    .selectFrom('queue.offer as o')
    .innerJoin('queue.ticket as t', 't.id', 'o.ticket_id')
    .select(['o.call_id', 'o.staff_id', 't.kiosk_id'])
    .where('o.state', '=', 'open')
    .execute();

/** Ends an open offer, if it still is one: of all who try, one gets the row. */
export const endOffer = (
  tx: Tx,
  id: string,
  end: {
    state: Exclude<OfferState, 'open'>;
    reason: string | null;
    now: number;
    staffId?: string;
  },
) => {
  let update = on(tx)
    .updateTable('queue.offer')
    .set({ state: end.state, ended_at: end.now, reason: end.reason })
    .where('id', '=', id)
    .where('state', '=', 'open');
  if (end.staffId) update = update.where('staff_id', '=', end.staffId);
  return update.returningAll().executeTakeFirst();
};

/**
 * The agent takes the offer: offer accepted, ticket served, agent in the call. One statement; of all who try, one gets
 * an answer. None: something of it was gone, and what else it changed is to be rolled back.
 */
export async function takeOffer(tx: Tx, wish: { offerId: string; staffId: string; now: number }) {
  const { rows } = await sql<{ offer: OfferRow; ticket: TicketRow; agent: AgentRow }>`
    with offer as (
      update queue.offer set state = 'accepted', ended_at = ${wish.now}
      where id = ${wish.offerId} and staff_id = ${wish.staffId} and state = 'open' and deadline > ${wish.now}
      returning *
    ), ticket as (
      update queue.ticket t set state = 'served', ended_at = ${wish.now}, end_reason = 'accepted'
      from offer where t.id = offer.ticket_id and t.state = 'offered'
      returning t.*
    ), agent as (
      update queue.agent a set state = 'in-call', since = ${wish.now}, reason = null, call_id = offer.call_id
      from offer where a.staff_id = offer.staff_id and a.state = 'offered'
      returning a.*
    )
    select to_jsonb(offer) as offer, to_jsonb(ticket) as ticket, to_jsonb(agent) as agent
    from offer, ticket, agent`.execute(on(tx));
  return rows[0];
}

export const dueOffers = (reader: Queryable, now: number) =>
  on(reader).selectFrom('queue.offer').selectAll().where('state', '=', 'open').where('deadline', '<=', now).execute();

export const backToWaiting = (tx: Tx, ticketId: string) =>
  on(tx)
    .updateTable('queue.ticket')
    .set({ state: 'waiting' })
    .where('id', '=', ticketId)
    .where('state', '=', 'offered')
    .returningAll()
    .executeTakeFirst();

/**
 * Gives the first ticket in the order (the longest-waiting, head starts counted) that somebody ready can serve to the
 * agent who has been ready longest: one
 * statement, so that any number of processes may run it at once and none waits for another.
 */
export async function claim(
  tx: Tx,
  wish: { offerId: string; callId: string; now: number; deadline: number; backOffBefore: number },
) {
  const { rows } = await sql<OfferRow>`
    with pick as materialized (
      select t.id as ticket_id, fit.staff_id
      from queue.ticket t
      cross join lateral (
        select a.staff_id from queue.agent a
        where a.state = 'ready' and a.absent_since is null
          and queue.serves(a.skills, a.languages, t.skills, t.language)
          and not exists (
            select 1 from queue.offer o
            where o.ticket_id = t.id and o.staff_id = a.staff_id and o.ended_at > ${wish.backOffBefore}
          )
        order by a.since, a.staff_id
        limit 1
        for update skip locked
      ) fit
      where t.state = 'waiting' and t.absent_since is null
      order by t.joined_at - t.head_start * 1000, t.id
      limit 1
      for update of t skip locked
    ), taken as (
      update queue.ticket t set state = 'offered' from pick where t.id = pick.ticket_id returning t.id
    ), reserved as (
      update queue.agent a set state = 'offered', since = ${wish.now}, reason = null from pick where a.staff_id = pick.staff_id returning a.staff_id
    )
    insert into queue.offer (id, ticket_id, staff_id, call_id, made_at, deadline, state)
    select ${wish.offerId}::uuid, pick.ticket_id, pick.staff_id, ${wish.callId}::uuid, ${wish.now}, ${wish.deadline}, 'open'
    from pick, taken, reserved
    returning *`.execute(on(tx));
  return rows[0];
}

/** Whether a ticket waits for its appointment to count. */
export const hasAppointmentToCome = async (tx: Tx): Promise<boolean> =>
  (await on(tx)
    .selectFrom('queue.ticket')
    .select('id')
    .where('state', 'in', OPEN)
    .where('counts_from', 'is not', null)
    .where('head_start', '=', 0)
    .limit(1)
    .executeTakeFirst()) !== undefined;
/** Gives the head start to tickets whose appointment begins to count now. Of all who try, one gets the row. */
export const appointmentsThatBegin = (tx: Tx, { now, headStart }: { now: number; headStart: number }) =>
  on(tx)
    .updateTable('queue.ticket')
    .set({ head_start: headStart / 1000 })
    .where('state', 'in', OPEN)
    .where('head_start', '=', 0)
    .where('counts_from', '<=', now)
    .returningAll()
    .execute();

/** What stands before a ticket, and who could take it. */
export async function standing(
  reader: Queryable,
  ticket: Pick<TicketRow, 'id' | 'joined_at' | 'head_start' | 'skills' | 'language'>,
) {
  const { rows } = await sql<{ ahead: number; on_duty: number; free: number }>`
    with able as (
      select a.* from queue.agent a
      where a.state in ('ready', 'offered', 'in-call', 'wrap-up') and a.absent_since is null
        and queue.serves(a.skills, a.languages, ${JSON.stringify(ticket.skills)}::jsonb, ${ticket.language})
    )
    select
      (select count(*) from queue.ticket t
        where t.state in ('waiting', 'offered') and (t.joined_at - t.head_start * 1000, t.id) < (${ticket.joined_at - ticket.head_start * 1000}::bigint, ${ticket.id}::uuid)
          and (t.skills = ${JSON.stringify(ticket.skills)}::jsonb
            or exists (select 1 from able a where queue.serves(a.skills, a.languages, t.skills, t.language)))) as ahead,
      (select count(*) from able) as on_duty,
      (select count(*) from able where state = 'ready') as free`.execute(on(reader));
  return rows[0] ?? { ahead: 0, on_duty: 0, free: 0 };
}

export async function boardFigures(reader: Queryable) {
  const { rows } = await sql<{ waiting: number; since: number | null; ready: number; in_call: number }>`
    select
      (select count(*) from queue.ticket where state in ('waiting', 'offered')) as waiting,
      (select min(joined_at) from queue.ticket where state in ('waiting', 'offered')) as since,
      (select count(*) from queue.agent where state = 'ready') as ready,
      (select count(*) from queue.agent where state = 'in-call') as in_call`.execute(on(reader));
  return rows[0] ?? { waiting: 0, since: null, ready: 0, in_call: 0 };
}

/** null: everybody's. */
export const setTicketAbsence = (tx: Tx, kioskId: string | null, since: number | null) => {
  const update = on(tx).updateTable('queue.ticket').set({ absent_since: since }).where('state', 'in', OPEN);
  return (kioskId ? update.where('kiosk_id', '=', kioskId) : update.where('absent_since', 'is', null))
    .returningAll()
    .execute();
};
export const setAgentAbsence = (tx: Tx, staffId: string | null, since: number | null) => {
  const update = on(tx).updateTable('queue.agent').set({ absent_since: since }).where('state', '<>', 'offline');
  return (staffId ? update.where('staff_id', '=', staffId) : update.where('absent_since', 'is', null))
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
    .forUpdate()
    .skipLocked()
    .execute();
export const agentsAbsentSince = (tx: Tx, before: number) =>
  on(tx)
    .selectFrom('queue.agent')
    .selectAll()
    .where('state', 'in', ['ready', 'offered', 'break'])
    .where('absent_since', '<=', before)
    .forUpdate()
    .skipLocked()
    .execute();
