import { sql, type RawBuilder } from 'kysely';
import { prepared, type Queryable, type Tx } from '../../kernel/db.ts';
import type { Among } from './offers.store.ts';

export type TicketCandidate = {
  id: string;
  rank: number;
  lane: number;
  lanes: number[];
  step: number;
  /** Held for this agent alone. */
  preferred: string | null;
};
export type AgentCandidate = { id: string; kind: number; idle_since: number };
export type BackOff = { ticket_id: string; staff_id: string };
export type Candidates = { tickets: TicketCandidate[]; agents: AgentCandidate[]; backOffs: BackOff[] };

const variantOf = (among: Among) => (among === 'all' ? 'all' : 'agents' in among ? 'agents' : 'tickets');
const uuids = (ids: readonly string[]) => sql`${[...ids]}::uuid[]`;
const WAITING = sql`t.state = 'waiting' and t.absent_since is null and t.lane is not null`;
const idle = (now: number) => sql`a.state = 'ready' and a.absent_since is null and a.rest_until <= ${now}::bigint`;
type At = { now: number; limit: number };
/** A power of two, so that there are few different statements; a number in the text, for the planner guesses badly what it does not see. */
const limited = (limit: number) => sql.raw(`limit ${limit}`);

/** The first tickets of each lane that could be served, and those that are held for an agent. */
async function ticketsAmong(tx: Tx, among: Among, { now, limit }: At) {
  const columns = sql`t.id, t.rank, t.lane, t.lanes, t.step`;
  const inLane = (lane: RawBuilder<unknown>) => sql`select ${columns}, null::uuid as preferred from queue.ticket t
    where t.lane = ${lane} and ${WAITING} and t.preferred_until is null order by t.rank, t.id ${limited(limit)}`;
  const held = sql`select ${columns}, t.preferred_staff_id as preferred from queue.ticket t
    where ${WAITING} and t.preferred_until > ${now}::bigint`;
  const found =
    among === 'all'
      ? sql`select t.* from queue.lane l cross join lateral (${inLane(sql`l.id`)}) t union all ${held}`
      : 'agents' in among
        ? sql`select t.* from (
              select distinct f.lane from queue.agent a join queue.fit f on f.kind = a.kind
              where a.staff_id = any(${uuids(among.agents)}) and ${idle(now)}
            ) l cross join lateral (${inLane(sql`l.lane`)}) t
            union all ${held} and t.preferred_staff_id = any(${uuids(among.agents)})`
        : sql`select ${columns}, null::uuid as preferred from queue.ticket t
            where t.id = any(${uuids(among.tickets)}) and ${WAITING} and t.preferred_until is null
            union all ${held} and t.id = any(${uuids(among.tickets)})`;
  const { rows } =
    await sql<TicketCandidate>`${prepared(`queue.tickets-among.${variantOf(among)}.${limit}`)}${found}`.execute(
      tx.as<unknown>(),
    );
  return rows;
}

/** The longest idle of each kind. */
async function agentsAmong(tx: Tx, among: Among, { now, limit }: At) {
  const ofKind = (kind: RawBuilder<unknown>) => sql`select a.staff_id as id, a.kind, a.idle_since from queue.agent a
    where a.kind = ${kind} and ${idle(now)} order by a.idle_since, a.staff_id ${limited(limit)}`;
  const found =
    among === 'all'
      ? sql`select a.* from queue.kind k cross join lateral (${ofKind(sql`k.id`)}) a`
      : 'agents' in among
        ? sql`select a.staff_id as id, a.kind, a.idle_since from queue.agent a
            where a.staff_id = any(${uuids(among.agents)}) and ${idle(now)}`
        : sql`select a.* from (
            select distinct f.kind from queue.ticket t join queue.fit f on f.lane = t.lane
            where t.id = any(${uuids(among.tickets)})
          ) k cross join lateral (${ofKind(sql`k.kind`)}) a`;
  const { rows } =
    await sql<AgentCandidate>`${prepared(`queue.agents-among.${variantOf(among)}.${limit}`)}${found}`.execute(
      tx.as<unknown>(),
    );
  return rows;
}

/** Pairs that are not to be tried: before their time, or never, where the agent passed the customer on. */
export async function backOffs(reader: Queryable, now: number): Promise<BackOff[]> {
  const { rows } = await sql<BackOff>`${prepared('queue.back-offs')}
    select o.ticket_id, o.staff_id from queue.offer o join queue.agent a on a.staff_id = o.staff_id
    where o.back_off_until > ${now}::bigint and ${idle(now)}
    union all select t.id, t.passed_by from queue.ticket t join queue.agent a on a.staff_id = t.passed_by
    where t.state = 'waiting' and t.passed_by is not null and ${idle(now)}`.execute(reader.as<unknown>());
  return rows;
}

/** Everything that a plan of at most `most` offers can depend on, also when every pause falls on the same lane or kind. */
export async function candidates(
  tx: Tx,
  among: Among,
  { now, most, paused }: { now: number; most: number; paused: BackOff[] },
): Promise<Candidates> {
  const at = { now, limit: 2 ** Math.ceil(Math.log2(most + paused.length)) };
  // One after the other for the database, but nobody waits for an answer between.
  const [tickets, agents] = await Promise.all([ticketsAmong(tx, among, at), agentsAmong(tx, among, at)]);
  return { tickets, agents, backOffs: paused };
}

/** Every lane with the kinds that serve it. */
export async function allFits(reader: Queryable): Promise<{ lane: number; kinds: number[] }[]> {
  const { rows } = await sql<{ lane: number; kinds: number[] }>`
    select l.id as lane, coalesce(array_agg(f.kind) filter (where f.kind is not null), '{}') as kinds
    from queue.lane l left join queue.fit f on f.lane = l.id group by l.id`.execute(reader.as<unknown>());
  return rows;
}
/** The newest lane and kind, 0 where there is none: ids only grow. */
export async function newestIds(reader: Queryable): Promise<{ lane: number; kind: number }> {
  const { rows } = await sql<{ lane: number; kind: number }>`${prepared('queue.newest-ids')}
    select coalesce((select max(id) from queue.lane), 0) as lane, coalesce((select max(id) from queue.kind), 0) as kind`.execute(
    reader.as<unknown>(),
  );
  return rows[0] ?? { lane: 0, kind: 0 };
}
