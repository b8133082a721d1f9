import { sql } from 'kysely';
import type { Language } from '@openvtm/protocol';
import type { Queryable } from '../../kernel/db.ts';

/** Every time zone's half hours begin on a quarter of an hour. */
const QUARTER_MS = 900_000;

type Range = { from: number; until: number; now: number };

/** Tickets that joined from `from` on and before `until`, by quarter of an hour; who still waits has waited until `now`. */
export async function arrivalsByQuarter(reader: Queryable, { from, until, now }: Range) {
  const { rows } = await sql<{ at: number; count: number; waited_ms: string }>`
    select (joined_at / ${QUARTER_MS}::bigint) * ${QUARTER_MS}::bigint as at, count(*) as count,
      sum(greatest(0, coalesce(ended_at, ${now}::bigint) - joined_at)) as waited_ms
    from queue.ticket where joined_at >= ${from}::bigint and joined_at < ${until}::bigint
    group by 1 order by 1`.execute(reader.as<unknown>());
  return rows.map(({ at, count, waited_ms: waitedMs }) => ({ at, count, waitedMs: Number(waitedMs) }));
}

export type PastTicketRow = {
  joined_at: number;
  ended_at: number;
  state: 'served' | 'left' | 'abandoned' | 'call-back';
  queue_id: string;
  branch_id: string | null;
  family: string;
  skills: Record<string, number>;
  language: Language;
  priority: number;
  vip: boolean;
  elder: boolean;
  hand_back: boolean;
  appointment_at: number | null;
  preferred_staff_id: string | null;
  offers: number;
  answer_ms: number | null;
  talk_ms: string | null;
  wrap_up_ms: string | null;
};

/** Tickets of a time that are over, each with its offers and with how long its call and the work after it took. */
export async function pastTickets(reader: Queryable, { from, until }: Omit<Range, 'now'>): Promise<PastTicketRow[]> {
  const { rows } = await sql<PastTicketRow>`
    select t.joined_at, t.ended_at, t.state, t.queue_id, t.branch_id, t.family, t.skills, t.language, t.priority, t.vip,
      t.elder, t.hand_back, t.appointment_at, t.preferred_staff_id, o.offers, o.answer_ms, w.talk_ms, w.wrap_up_ms
    from queue.ticket t
    left join lateral (
      select count(*) as offers, min(ended_at - made_at) filter (where state = 'accepted') as answer_ms,
        (array_agg(call_id) filter (where state = 'accepted'))[1] as call_id
      from queue.offer where ticket_id = t.id
    ) o on true
    left join lateral (
      select sum(ended_at - began_at) filter (where state <> 'wrap-up') as talk_ms,
        sum(ended_at - began_at) filter (where state = 'wrap-up') as wrap_up_ms
      from queue.agent_time where call_id = o.call_id and state in ('in-call', 'hold', 'helping', 'wrap-up')
    ) w on true
    where t.joined_at >= ${from}::bigint and t.joined_at < ${until}::bigint and t.ended_at is not null
    order by t.joined_at`.execute(reader.as<unknown>());
  return rows;
}

export type DutyRow = {
  staff_id: string;
  skills: Record<string, number>;
  languages: Language[];
  branch_id: string | null;
  began_at: number;
  ended_at: number;
};

/** The time that agents were there for customers, state after state, also the states that last until `now`. */
export async function dutyTimes(reader: Queryable, { from, until, now }: Range): Promise<DutyRow[]> {
  const { rows } = await sql<DutyRow>`
    select a.staff_id, a.skills, a.languages, a.branch_id, s.began_at, s.ended_at
    from queue.agent a
    join (
      select staff_id, state, began_at, ended_at from queue.agent_time
      where ended_at > ${from}::bigint and began_at < ${until}::bigint
      union all
      select staff_id, state, since, ${now}::bigint from queue.agent where since < ${until}::bigint and ${now}::bigint > ${from}::bigint
    ) s on s.staff_id = a.staff_id
    where s.state not in ('offline', 'break')
    order by a.staff_id, s.began_at`.execute(reader.as<unknown>());
  return rows;
}
