import { sql } from 'kysely';
import type { OfferWhy } from '@openvtm/protocol';
import { prepared, type Queryable, type Tx } from '../../kernel/db.ts';
import type { AgentRow } from './agents.store.ts';
import type { TicketRow } from './tickets.store.ts';

export type OfferState = 'open' | 'accepted' | 'declined' | 'expired' | 'rescinded';
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
  back_off_until: number | null;
  why: OfferWhy | null;
};
type OfferTables = { 'queue.offer': OfferRow };
const on = (reader: Queryable) => reader.as<OfferTables>();
const openOffer = (reader: Queryable) => on(reader).selectFrom('queue.offer').selectAll().where('state', '=', 'open');

export const openOfferOfAgent = (reader: Queryable, staffId: string) =>
  openOffer(reader).where('staff_id', '=', staffId).executeTakeFirst();
export const openOfferOfTicket = (reader: Queryable, ticketId: string) =>
  openOffer(reader).where('ticket_id', '=', ticketId).executeTakeFirst();
export const offersOfTicket = (reader: Queryable, ticketId: string) =>
  on(reader).selectFrom('queue.offer').selectAll().where('ticket_id', '=', ticketId).orderBy('made_at').execute();
export const dueOffers = (reader: Queryable, now: number) =>
  openOffer(reader).where('deadline', '<=', now).limit(100).execute();

/** Every open offer with its kiosk: what rings just now. */
export async function openOffers(reader: Queryable) {
  const { rows } = await sql<{ call_id: string; staff_id: string; kiosk_id: string }>`
    select o.call_id, o.staff_id, t.kiosk_id from queue.offer o join queue.ticket t on t.id = o.ticket_id
    where o.state = 'open'`.execute(on(reader));
  return rows;
}

/** The queue of the ticket whose offer became this call. */
export async function queueOfCall(reader: Queryable, callId: string): Promise<string | null> {
  const { rows } = await sql<{ queue_id: string }>`
    select t.queue_id from queue.offer o join queue.ticket t on t.id = o.ticket_id
    where o.call_id = ${callId}`.execute(on(reader));
  return rows[0]?.queue_id ?? null;
}

/** Ends an open offer, if it still is one: of all who try, one gets the row. */
export const endOffer = (
  tx: Tx,
  id: string,
  end: {
    state: Exclude<OfferState, 'open'>;
    reason: string | null;
    now: number;
    staffId?: string;
    backOffUntil?: number | null;
  },
) => {
  let update = on(tx)
    .updateTable('queue.offer')
    .set({ state: end.state, ended_at: end.now, reason: end.reason, back_off_until: end.backOffUntil ?? null })
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
      update queue.agent a
      set state = 'in-call', since = ${wish.now}, reason = null, call_id = offer.call_id, unanswered = 0
      from offer where a.staff_id = offer.staff_id and a.state = 'offered'
      returning a.*
    )
    select to_jsonb(offer) as offer, to_jsonb(ticket) as ticket, to_jsonb(agent) as agent
    from offer, ticket, agent`.execute(on(tx));
  return rows[0];
}

/** One process at a time plans offers: the order by score is exact, and nobody runs after what another has just taken. */
export const lockMatching = (tx: Tx) => sql`select pg_advisory_xact_lock(7201002)`.execute(on(tx));

/** Between whom pairs are looked for: new offers can only come about by agents or tickets that something happened to. */
export type Among = { agents: readonly string[] } | { tickets: readonly string[] } | 'all';
export type Wanted = {
  ticketId: string;
  lane: number;
  staffId: string;
  offerId: string;
  callId: string;
  why: OfferWhy;
};
export type Claimed = { offer: OfferRow; ticket: TicketRow };

/**
 * Makes these offers, all in one statement. Of a pair of which somebody else has just changed the ticket or the agent,
 * or is changing it, nothing is made.
 */
export async function claim(
  tx: Tx,
  wanted: readonly Wanted[],
  { now, deadline }: { now: number; deadline: number },
): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`${prepared('queue.claim')}
    with wanted as materialized (
      select * from unnest(${wanted.map(({ ticketId }) => ticketId)}::uuid[], ${wanted.map(({ staffId }) => staffId)}::uuid[],
        ${wanted.map(({ offerId }) => offerId)}::uuid[], ${wanted.map(({ callId }) => callId)}::uuid[],
        ${wanted.map(({ why }) => JSON.stringify(why))}::jsonb[], ${wanted.map(({ lane }) => lane)}::integer[])
        as w (ticket_id, staff_id, offer_id, call_id, why, lane)
    ), held as materialized (
      select w.* from wanted w
        join queue.ticket t on t.id = w.ticket_id and t.state = 'waiting' and t.absent_since is null and t.lane = w.lane
        join queue.agent a on a.staff_id = w.staff_id and a.state = 'ready' and a.absent_since is null
      for update of t, a skip locked
    ), taken as (
      update queue.ticket t set state = 'offered', offers = t.offers + 1 from held where t.id = held.ticket_id returning t.*
    ), reserved as (
      update queue.agent a set state = 'offered', since = ${now}::bigint, reason = null
      from held where a.staff_id = held.staff_id returning a.staff_id
    ), made as (
      insert into queue.offer (id, ticket_id, staff_id, call_id, made_at, deadline, state, why)
      select held.offer_id, taken.id, reserved.staff_id, held.call_id, ${now}::bigint, ${deadline}::bigint, 'open', held.why
      from held join taken on taken.id = held.ticket_id join reserved on reserved.staff_id = held.staff_id
      returning *
    )
    select to_jsonb(made) as offer, to_jsonb(taken) as ticket from made join taken on taken.id = made.ticket_id
    order by taken.rank, taken.id`.execute(on(tx));
  return rows;
}
