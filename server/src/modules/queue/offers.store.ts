import { sql, type RawBuilder } from 'kysely';
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
export const dueOffers = (reader: Queryable, now: number) => openOffer(reader).where('deadline', '<=', now).execute();

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

/** One process at a time looks for pairs: the order by score is exact, and nobody runs after what another has just taken. */
export const lockMatching = (tx: Tx) => sql`select pg_advisory_xact_lock(7201002)`.execute(on(tx));

/** Between whom pairs are looked for: new offers can only come about by agents or tickets that something happened to. */
export type Among = { agents: readonly string[] } | { tickets: readonly string[] } | 'all';

const WAITING = sql`t.state = 'waiting' and t.absent_since is null and t.preferred_until is null`;
const idle = (now: number) => sql`a.state = 'ready' and a.absent_since is null and a.rest_until <= ${now}::bigint`;
// Each by one look at an index: as a condition, the planner would rather read all tickets once.
const withTicket = sql`cross join lateral (
  select 1 from queue.ticket t where t.lane = l.id and ${WAITING} limit 1) waiting`;
const withAgent = (now: number) => sql`cross join lateral (
  select 1 from queue.agent a where a.kind = k.id and ${idle(now)} limit 1) ready`;
const notBackingOff = (now: number) => sql`not exists (
  select 1 from queue.offer b where b.ticket_id = t.id and b.staff_id = a.staff_id and b.back_off_until > ${now}::bigint)`;

/** Lanes with somebody waiting, and kinds with somebody idle, as far as they can make a pair. */
function sides(among: Among, now: number): RawBuilder<unknown> {
  if (among !== 'all' && 'tickets' in among)
    return sql`
      lanes as materialized (
        select distinct t.lane as id from queue.ticket t where t.id = any(${[...among.tickets]}::uuid[]) and ${WAITING}
      ), kinds as materialized (
        select k.id from (select distinct f.kind as id from queue.fit f join lanes l on l.id = f.lane) k
          ${withAgent(now)}
      )`;
  const kinds =
    among === 'all'
      ? sql`select k.id from queue.kind k ${withAgent(now)}`
      : sql`select distinct a.kind as id from queue.agent a
          where a.staff_id = any(${[...among.agents]}::uuid[]) and ${idle(now)}`;
  return sql`
    lanes as materialized (select l.id from queue.lane l ${withTicket}),
    kinds as materialized (${kinds})`;
}

export type Claimed = { offer: OfferRow; ticket: TicketRow };
/**
 * Makes one offer, in one statement: of the tickets that an idle agent may serve, the one with the highest score; for it,
 * of the agents who fulfil the step in force, one who fulfils the strictest step, and of these who has been idle longest.
 * A ticket held for its preferred agent is for that one alone. Null: there is no pair. `busy`: there is, but somebody
 * else is changing one of the two just now.
 */
export async function claim(
  tx: Tx,
  wish: { among: Among; offerId: string; callId: string; now: number; deadline: number },
): Promise<Claimed | 'busy' | null> {
  const { among, now } = wish;
  const variant = among === 'all' ? 'all' : 'agents' in among ? 'agents' : 'tickets';
  const { rows } = await sql<{ offer: OfferRow | null; ticket: TicketRow | null }>`${prepared(`queue.claim.${variant}`)}
    with ${sides(among, now)}, first as materialized (
      (select t.id, t.rank, t.step, t.lane, t.lanes, null::uuid as preferred from (
        select l.id from lanes l
        where exists (select 1 from kinds k join queue.fit f on f.lane = l.id and f.kind = k.id)
      ) l cross join lateral (
        select t.id, t.rank, t.step, t.lane, t.lanes from queue.ticket t
        where t.lane = l.id and ${WAITING} and exists (
          select 1 from kinds k join queue.fit f on f.lane = t.lane and f.kind = k.id
            join queue.agent a on a.kind = k.id
          where ${idle(now)} and ${notBackingOff(now)}
        )
        order by t.rank, t.id limit 1
      ) t)
      union all
      (select t.id, t.rank, t.step, t.lane, t.lanes, a.staff_id
        from queue.ticket t join queue.agent a on a.staff_id = t.preferred_staff_id
          join queue.fit f on f.lane = t.lane and f.kind = a.kind
        where t.state = 'waiting' and t.absent_since is null and t.preferred_until > ${now}::bigint
          and ${idle(now)} and ${notBackingOff(now)}
        order by t.rank, t.id limit 1)
      order by rank, id limit 1
    ), best as materialized (
      select t.id, t.rank, t.step, taker.staff_id, taker.idle_since, taker.fits, t.preferred is not null as preferred
      from first t cross join lateral (
        (select a.staff_id, a.idle_since, null::integer as fits from queue.agent a where a.staff_id = t.preferred)
        union all
        (select a.staff_id, a.idle_since, strictest.fits
          from kinds k join queue.fit f on f.lane = t.lane and f.kind = k.id cross join lateral (
            select a.staff_id, a.idle_since from queue.agent a
            where a.kind = k.id and ${idle(now)} and ${notBackingOff(now)}
            order by a.idle_since, a.staff_id limit 1
          ) a cross join lateral (
            select case when t.step = 0 then 0 else (
              select min(s.nth)::integer - 1 from unnest(t.lanes[1:t.step + 1]) with ordinality s (lane, nth)
              where exists (select 1 from queue.fit g where g.lane = s.lane and g.kind = k.id)
            ) end as fits
          ) strictest
          where t.preferred is null
          order by strictest.fits, a.idle_since, a.staff_id limit 1)
        limit 1
      ) taker
    ), held as (
      select t.id, a.staff_id from best
        join queue.ticket t on t.id = best.id and t.state = 'waiting' and t.absent_since is null
        join queue.agent a on a.staff_id = best.staff_id and a.state = 'ready' and a.absent_since is null
      for update of t, a skip locked
    ), taken as (
      update queue.ticket t set state = 'offered', offers = t.offers + 1 from held where t.id = held.id returning t.*
    ), reserved as (
      update queue.agent a set state = 'offered', since = ${now}::bigint, reason = null
      from held where a.staff_id = held.staff_id returning a.staff_id
    ), made as (
      insert into queue.offer (id, ticket_id, staff_id, call_id, made_at, deadline, state, why)
      select ${wish.offerId}::uuid, taken.id, reserved.staff_id, ${wish.callId}::uuid, ${now}::bigint,
        ${wish.deadline}::bigint, 'open', jsonb_build_object('score', (${now}::bigint - best.rank) / 1000.0,
          'step', case when best.preferred then null else best.step end, 'fits', best.fits,
          'idleMs', greatest(0, ${now}::bigint - best.idle_since), 'preferred', best.preferred)
      from best, taken, reserved
      returning *
    )
    select to_jsonb(made) as offer, to_jsonb(taken) as ticket from best left join (made cross join taken) on true`.execute(
    on(tx),
  );
  const [row] = rows;
  if (!row) return null;
  return row.offer && row.ticket ? { offer: row.offer, ticket: row.ticket } : 'busy';
}
