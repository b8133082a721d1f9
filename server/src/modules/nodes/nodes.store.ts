import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type NodeRow = {
  instance: string;
  name: string;
  address: string | null;
  started_at: number;
  seen_at: number;
  draining: boolean;
  workers: number;
};
type NodesTables = {
  'nodes.node': NodeRow;
  'nodes.line': { subject: string; instance: string; line_id: string };
  'nodes.room': { call_id: string; instance: string };
};
const on = (reader: Queryable) => reader.as<NodesTables>();
/** The database's own clock: those of two machines may differ by more than what tells the living from the dead. */
const now = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Whether the process was not written down before. */
export const saveNode = async (tx: Queryable, node: Omit<NodeRow, 'started_at' | 'seen_at'>) => {
  const { isNew } = await on(tx)
    .insertInto('nodes.node')
    .values({ ...node, started_at: now, seen_at: now })
    .onConflict((c) =>
      c.column('instance').doUpdateSet({ seen_at: now, draining: node.draining, workers: node.workers }),
    )
    // Postgres: a row that an update wrote names the transaction that locked it.
    .returning(sql<boolean>`xmax = 0`.as('isNew'))
    .executeTakeFirstOrThrow();
  return isNew;
};
/** Those that were heard of within `withinMs`. */
export const liveNodes = (reader: Queryable, withinMs: number) =>
  on(reader)
    .selectFrom('nodes.node')
    .selectAll()
    .where('seen_at', '>', sql<number>`${now} - ${withinMs}::bigint`)
    .orderBy('started_at')
    .execute();
/** Takes away those not heard of for `afterMs`. */
export const removeDead = (reader: Queryable, { afterMs, except }: { afterMs: number; except: string }) =>
  on(reader)
    .deleteFrom('nodes.node')
    .where('instance', '<>', except)
    .where('seen_at', '<=', sql<number>`${now} - ${afterMs}::bigint`)
    .execute();
/** The one at this address, if it was silent for `silentMs` too. */
export const removeSilent = (
  reader: Queryable,
  { address, silentMs, except }: { address: string; silentMs: number; except: string },
) =>
  on(reader)
    .deleteFrom('nodes.node')
    .where('address', '=', address)
    .where('instance', '<>', except)
    .where('seen_at', '<=', sql<number>`${now} - ${silentMs}::bigint`)
    .execute();
export const nodesNamed = (reader: Queryable, name: string) =>
  on(reader).selectFrom('nodes.node').select(['instance', 'seen_at']).where('name', '=', name).execute();
export const removeNode = (tx: Queryable, instance: string) =>
  on(tx).deleteFrom('nodes.node').where('instance', '=', instance).execute();

/** The line is here from now on. */
export const saveLine = (tx: Tx, line: { subject: string; instance: string; line_id: string }) =>
  on(tx)
    .insertInto('nodes.line')
    .values(line)
    .onConflict((c) => c.column('subject').doUpdateSet({ instance: line.instance, line_id: line.line_id }))
    .execute();
/** Whether this process had the subject's line, whichever of them it was. */
export const removeOwnLine = async (tx: Tx, { subject, instance }: { subject: string; instance: string }) =>
  (
    await on(tx)
      .deleteFrom('nodes.line')
      .where('subject', '=', subject)
      .where('instance', '=', instance)
      .executeTakeFirst()
  ).numDeletedRows > 0n;
/** Whether the subject's line is up; whoever finds it down, or takes it away, waits for this work. */
export const lockLine = async (tx: Tx, subject: string) =>
  (await on(tx)
    .selectFrom('nodes.line')
    .select('line_id')
    .where('subject', '=', subject)
    .forShare()
    .executeTakeFirst()) !== undefined;
/** Whether it was still this line. */
export const removeLine = async (tx: Tx, { subject, lineId }: { subject: string; lineId: string }) =>
  (
    await on(tx)
      .deleteFrom('nodes.line')
      .where('subject', '=', subject)
      .where('line_id', '=', lineId)
      .executeTakeFirst()
  ).numDeletedRows > 0n;
/** Lines of processes that are not there. */
export const strandedLines = (reader: Queryable, limit: number) =>
  on(reader)
    .selectFrom('nodes.line')
    .select(['subject', 'line_id'])
    .where((e) =>
      e.not(
        e.exists(e.selectFrom('nodes.node').select('name').whereRef('nodes.node.instance', '=', 'nodes.line.instance')),
      ),
    )
    .limit(limit)
    .execute();
export const removeStranded = (tx: Tx) =>
  on(tx)
    .deleteFrom('nodes.line')
    .where((e) =>
      e.not(
        e.exists(e.selectFrom('nodes.node').select('name').whereRef('nodes.node.instance', '=', 'nodes.line.instance')),
      ),
    )
    .execute();
export const instancesOfLines = (reader: Queryable, subjects: readonly string[]) =>
  on(reader).selectFrom('nodes.line').select(['subject', 'instance']).where('subject', 'in', subjects).execute();

/**
 * The call's room is where it is, as long as that process is there. Else it is at the one that asks, unless another, heard
 * of within `withinMs`, has at least `ahead` rooms fewer per media worker: then at the one that has fewest. Who drains or
 * has no worker is left alone, and any other goes before it. One statement, so that two processes that ask at once get one
 * answer.
 */
export const claimRoom = async (
  reader: Queryable,
  { callId, instance, withinMs, ahead }: { callId: string; instance: string; withinMs: number; ahead: number },
) => {
  const { rows } = await sql<{ instance: string; address: string | null }>`
    with able as (
      select n.instance, n.address, n.seen_at,
        (select count(*) from nodes.room r where r.instance = n.instance)::float8 / n.workers as load
      from nodes.node n
      where n.workers > 0 and not n.draining
    ), chosen as (
      select instance from able
      where instance <> ${instance} and address is not null and seen_at > ${now} - ${withinMs}::bigint
        and load + ${ahead} <= coalesce((select load from able where instance = ${instance}), 'infinity')
      order by load, instance limit 1
    ), claimed as (
      insert into nodes.room as room (call_id, instance)
      values (${callId}, coalesce((select instance from chosen), ${instance}))
      on conflict (call_id) do update set instance = case
        when exists (select 1 from nodes.node n where n.instance = room.instance) then room.instance
        else excluded.instance end
      returning instance
    )
    select claimed.instance, node.address from claimed left join nodes.node node using (instance)`.execute(on(reader));
  return rows[0] ?? null;
};
/** Whether the room was still at `from`: then it is at `to`. */
export const moveRoom = async (reader: Queryable, { callId, from, to }: { callId: string; from: string; to: string }) =>
  (
    await on(reader)
      .updateTable('nodes.room')
      .set({ instance: to })
      .where('call_id', '=', callId)
      .where('instance', '=', from)
      .executeTakeFirst()
  ).numUpdatedRows > 0n;
/** The rooms of the processes that are there. */
export const allRooms = (reader: Queryable) =>
  on(reader)
    .selectFrom('nodes.room')
    .innerJoin('nodes.node', 'nodes.node.instance', 'nodes.room.instance')
    .select(['call_id', 'nodes.node.instance', 'nodes.node.address']);
export const removeRoom = (reader: Queryable, callId: string) =>
  on(reader).deleteFrom('nodes.room').where('call_id', '=', callId).execute();
