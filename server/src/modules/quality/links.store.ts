import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { LinkBy } from './link-state.ts';

export type LinkRow = {
  branch_id: string;
  at: 'usual' | 'worse';
  since: number;
  by: LinkBy | null;
  usual_score: number | null;
  usual_spread: number | null;
  usual_calls: number | null;
  score: number | null;
  loss: number | null;
  round_trip: number | null;
  frozen: number | null;
  cut: number | null;
};
type LinkTables = { 'quality.link': LinkRow; 'quality.watch': { one: boolean } };

const on = (reader: Queryable) => reader.as<LinkTables>();

/** Whether this transaction alone judges the links just now. */
export const takeWatch = async (tx: Tx): Promise<boolean> =>
  (await on(tx).selectFrom('quality.watch').select('one').forUpdate().skipLocked().executeTakeFirst()) !== undefined;

/** Branches of which a call was summed up since they were judged; they count as judged from now on. */
export const takeFresh = async (tx: Tx): Promise<string[]> =>
  (
    await sql<{ branch_id: string }>`update quality.call set fresh = false where fresh and branch_id is not null
      returning branch_id`.execute(tx.as())
  ).rows.map(({ branch_id }) => branch_id);

export const linksOf = (reader: Queryable, branchIds: string[]) =>
  on(reader).selectFrom('quality.link').selectAll().where('branch_id', 'in', branchIds).execute();
/** The longest first. `branchId` null: of all branches. */
export function worseLinks(reader: Queryable, branchId: string | null) {
  const query = on(reader).selectFrom('quality.link').selectAll().where('at', '=', 'worse').orderBy('since');
  return (branchId === null ? query : query.where('branch_id', '=', branchId)).execute();
}
export async function saveLink(tx: Tx, row: LinkRow): Promise<void> {
  const { branch_id: _, ...set } = row;
  await on(tx)
    .insertInto('quality.link')
    .values(row)
    .onConflict((c) => c.column('branch_id').doUpdateSet(set))
    .execute();
}

export type LastRow = {
  branch_id: string;
  started_at: number;
  ended_at: number;
  score: number;
  lasted_ms: number;
  loss: number | null;
  round_trip: number | null;
  frozen_ms: number;
  cut_ms: number;
};
/** The customers' sides of the last calls of each of these branches, the latest first. */
export const lastCalls = async (
  reader: Queryable,
  branchIds: string[],
  { since, leastSamples, most }: { since: number; leastSamples: number; most: number },
) =>
  (
    await sql<LastRow>`select one.* from unnest(${branchIds}::uuid[]) as branch (id)
      cross join lateral (
        select call.branch_id, call.started_at, call.ended_at, call.customer_score as score,
          greatest(1, call.ended_at - call.started_at) as lasted_ms,
          side.loss, side.round_trip, coalesce(side.frozen_ms, 0) as frozen_ms, coalesce(side.cut_ms, 0) as cut_ms
        from quality.call call
        left join quality.side side on side.call_id = call.call_id and side.participant = call.kiosk_id
        where call.branch_id = branch.id and call.ended_at > ${since} and call.customer_score is not null
          and call.customer_samples >= ${leastSamples}
        order by call.ended_at desc limit ${most}) one`.execute(reader.as())
  ).rows;
