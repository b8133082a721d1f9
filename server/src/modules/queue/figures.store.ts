import { sql } from 'kysely';
import type { Queryable } from '../../kernel/db.ts';

export type FiguresRow = {
  queue_id: string | null;
  came: number;
  answered: number;
  abandoned: number;
  call_backs: number;
  mean_wait_ms: string | null;
  p90_wait_ms: number | null;
  answered_in_time: number;
  abandoned_in_time: number;
  re_offers: string | null;
  told: number;
  held: number;
};

/** What became of those who joined since then, by queue and, with null for the queue, of all. */
export async function figuresSince(reader: Queryable, since: number): Promise<FiguresRow[]> {
  const { rows } = await sql<FiguresRow>`
    with came as (
      select queue_id, count(*) as came, count(*) filter (where state = 'call-back') as call_backs
      from queue.ticket where made_at >= ${since}::bigint group by rollup (queue_id)
    ), became as (
      select o.queue_id, count(*) filter (where answered) as answered, count(*) filter (where given_up) as abandoned,
        avg(waited_ms) filter (where answered) as mean_wait_ms,
        percentile_cont(0.9) within group (order by waited_ms) filter (where answered) as p90_wait_ms,
        count(*) filter (where answered and in_time) as answered_in_time,
        count(*) filter (where given_up and in_time) as abandoned_in_time,
        sum(re_offers) as re_offers, count(*) filter (where told and answered) as told,
        count(*) filter (where held) as held
      from queue.outcome o join queue.ticket t using (id)
      where t.made_at >= ${since}::bigint group by rollup (o.queue_id)
    )
    select came.queue_id, came, call_backs, coalesce(answered, 0) as answered, coalesce(abandoned, 0) as abandoned,
      mean_wait_ms, p90_wait_ms, coalesce(answered_in_time, 0) as answered_in_time,
      coalesce(abandoned_in_time, 0) as abandoned_in_time, re_offers, coalesce(told, 0) as told, coalesce(held, 0) as held
    from came left join became on became.queue_id is not distinct from came.queue_id`.execute(reader.as<unknown>());
  return rows;
}

/** ms that agents were on duty since then, and of that with customers or their business; running states too. */
export async function dutySince(reader: Queryable, { since, now }: { since: number; now: number }) {
  const { rows } = await sql<{ on_duty: string | null; busy: string | null }>`
    select sum(ms) as on_duty, sum(ms) filter (where state <> 'ready') as busy from (
      select state, ended_at - greatest(began_at, ${since}::bigint) as ms from queue.agent_time
        where ended_at > ${since}::bigint and state not in ('offline', 'break')
      union all
      select state, greatest(0, ${now}::bigint - greatest(since, ${since}::bigint)) from queue.agent
        where state not in ('offline', 'break')
    ) times`.execute(reader.as<unknown>());
  return { onDutyMs: Number(rows[0]?.on_duty ?? 0), busyMs: Number(rows[0]?.busy ?? 0) };
}

/** How long calls and the work after them took since then, by family. */
export async function handlingSince(reader: Queryable, since: number) {
  const { rows } = await sql<{ family: string; calls: number; mean: number; deviation: number | null }>`
    select family, count(*) as calls, avg(ms)::float8 as mean, stddev_samp(ms)::float8 as deviation from (
      select t.family, sum(a.ended_at - a.began_at) as ms
      from queue.agent_time a join queue.offer o on o.call_id = a.call_id join queue.ticket t on t.id = o.ticket_id
      where a.ended_at >= ${since}::bigint and a.state in ('in-call', 'hold', 'wrap-up')
      group by t.family, a.call_id
    ) handled group by family`.execute(reader.as<unknown>());
  return rows;
}

/** Tickets that wait or ring, by queue: how many, and since when. */
export async function waitingByQueue(reader: Queryable) {
  const { rows } = await sql<{ queue_id: string; waiting: number; since: number }>`
    select queue_id, count(*) as waiting, min(joined_at) as since from queue.ticket
    where state in ('waiting', 'offered') group by queue_id`.execute(reader.as<unknown>());
  return rows;
}
/** Agents who can take any of these lanes: signed on, and idle. */
export async function agentsForLanes(reader: Queryable, lanes: readonly number[]) {
  const { rows } = await sql<{ on_duty: number; free: number }>`
    select count(*) as on_duty, count(*) filter (where a.state = 'ready' and a.absent_since is null) as free
    from queue.agent a where a.state not in ('offline', 'break')
      and a.kind in (select f.kind from queue.fit f where f.lane = any(${`{${lanes.join(',')}}`}::integer[]))`.execute(
    reader.as<unknown>(),
  );
  return { onDuty: rows[0]?.on_duty ?? 0, free: rows[0]?.free ?? 0 };
}
/** Lanes in which tickets of a queue wait, or waited lately. */
export async function lanesOfQueue(reader: Queryable, queueId: string, since: number): Promise<number[]> {
  const { rows } = await sql<{ lane: number }>`
    select distinct unnest(lanes) as lane from queue.ticket
    where queue_id = ${queueId} and (state in ('waiting', 'offered') or made_at >= ${since}::bigint)`.execute(
    reader.as<unknown>(),
  );
  return rows.map(({ lane }) => lane);
}

/** The first in the order of serving, those to be called back among them. */
export async function firstTickets(reader: Queryable, limit: number) {
  const { rows } = await sql<{
    id: string;
    queue_id: string;
    service_id: string;
    kiosk_id: string;
    joined_at: number;
    state: 'waiting' | 'offered' | 'call-back';
    rank: number;
    absent_since: number | null;
  }>`
    select id, queue_id, service_id, kiosk_id, joined_at, state, rank, absent_since from queue.ticket
    where state in ('waiting', 'offered', 'call-back') order by rank, id limit ${limit}`.execute(reader.as<unknown>());
  return rows;
}

export async function boardFigures(reader: Queryable) {
  const { rows } = await sql<{
    waiting: number;
    since: number | null;
    ready: number;
    in_call: number;
    signed_on: number;
  }>`
    select
      (select count(*) from queue.ticket where state in ('waiting', 'offered')) as waiting,
      (select min(joined_at) from queue.ticket where state in ('waiting', 'offered')) as since,
      count(*) filter (where state = 'ready') as ready,
      count(*) filter (where state in ('in-call', 'hold', 'helping')) as in_call,
      count(*) as signed_on
    from queue.agent where state <> 'offline'`.execute(reader.as<unknown>());
  return rows[0] ?? { waiting: 0, since: null, ready: 0, in_call: 0, signed_on: 0 };
}
