import type { Language, WrapUpMode } from '@openvtm/protocol';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type AgentAt = 'offline' | 'ready' | 'offered' | 'in-call' | 'hold' | 'helping' | 'wrap-up' | 'break';
export type AgentRow = {
  staff_id: string;
  state: AgentAt;
  since: number;
  reason: string | null;
  call_id: string | null;
  skills: Record<string, number>;
  languages: Language[];
  branch_id: string | null;
  kind: number | null;
  absent_since: number | null;
  idle_since: number;
  rest_until: number;
  unanswered: number;
  wrap_up_mode: WrapUpMode | null;
  wrap_up_seconds: number | null;
  wrap_up_until: number | null;
};
type AgentTables = { 'queue.agent': AgentRow };
/** So many are moved in one transaction; the next ones at the next look. */
const MOST_AT_ONCE = 100;
const on = (reader: Queryable) => reader.as<AgentTables>();

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

export const readyAgents = (reader: Queryable, { except, limit }: { except: string; limit: number }) =>
  on(reader)
    .selectFrom('queue.agent')
    .selectAll()
    .where('state', '=', 'ready')
    .where('absent_since', 'is', null)
    .where('staff_id', '<>', except)
    .orderBy('idle_since')
    .orderBy('staff_id')
    .limit(limit)
    .execute();

/** What agents on duty can do, and how many there are of each kind, without one of them (null: all). */
export async function kindsOnDuty(reader: Queryable, except: string | null) {
  const { rows } = await sql<{ able: string; on_duty: number; ready: number }>`
    select k.able, count(*) as on_duty, count(*) filter (where a.state = 'ready') as ready
    from queue.agent a join queue.kind k on k.id = a.kind
    where a.state not in ('offline', 'break') and a.absent_since is null and a.staff_id is distinct from ${except}::uuid
    group by k.able`.execute(on(reader));
  return rows;
}

/** null: everybody's. */
export const setAgentAbsence = (tx: Tx, staffId: string | null, since: number | null) => {
  const update = on(tx).updateTable('queue.agent').set({ absent_since: since }).where('state', '<>', 'offline');
  return (staffId ? update.where('staff_id', '=', staffId) : update.where('absent_since', 'is', null))
    .returningAll()
    .execute();
};
/** Locked, and without those that somebody else is changing just now. */
export const agentsAbsentSince = (tx: Tx, before: number) =>
  on(tx)
    .selectFrom('queue.agent')
    .selectAll()
    .where((where) =>
      where.or([
        where('state', 'in', ['ready', 'offered', 'break']),
        // The clock ends no such wrap-up, and whoever is gone would count as on duty for ever.
        where.and([where('state', '=', 'wrap-up'), where('wrap_up_until', 'is', null)]),
      ]),
    )
    .where('absent_since', '<=', before)
    .limit(MOST_AT_ONCE)
    .forUpdate()
    .skipLocked()
    .execute();
export const wrapUpsOver = (tx: Tx, now: number) =>
  on(tx)
    .selectFrom('queue.agent')
    .selectAll()
    .where('state', '=', 'wrap-up')
    .where('wrap_up_until', '<=', now)
    .limit(MOST_AT_ONCE)
    .forUpdate()
    .skipLocked()
    .execute();
/** Signed on, state by state, and of each who has been in it longest; at most `limit`. */
export const signedOn = (reader: Queryable, limit: number) =>
  on(reader)
    .selectFrom('queue.agent')
    .selectAll()
    .where('state', '<>', 'offline')
    .orderBy('state')
    .orderBy('since')
    .limit(limit)
    .execute();
