import { sql } from 'kysely';
import type { EndReason, ParticipantRole } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { KernelTables } from '../../kernel/journal.ts';

export type CallRow = {
  call_id: string;
  kiosk_id: string;
  staff_id: string;
  started_at: number;
  ended_at: number;
  reason: EndReason;
  branch_id: string | null;
  score: number | null;
  customer_score: number | null;
  agent_score: number | null;
  customer_samples: number;
  due: boolean;
  fresh: boolean;
};
export type SideRow = {
  call_id: string;
  participant: string;
  role: ParticipantRole;
  samples: number;
  score: number | null;
  worst_at: number | null;
  worst_score: number | null;
  loss: number | null;
  round_trip: number | null;
  frozen_ms: number;
  cut_ms: number;
};
type QualityTables = { 'quality.call': CallRow; 'quality.side': SideRow };

const on = (reader: Queryable) => reader.as<QualityTables>();

export const insertCall = (
  tx: Tx,
  row: Pick<CallRow, 'call_id' | 'kiosk_id' | 'staff_id' | 'started_at' | 'ended_at' | 'reason'>,
) =>
  on(tx)
    .insertInto('quality.call')
    .values({
      ...row,
      branch_id: null,
      score: null,
      customer_score: null,
      agent_score: null,
      customer_samples: 0,
      due: true,
      fresh: false,
    })
    .execute();
/** One that ended before and is to be summed up, for this transaction alone. */
export const takeDue = (tx: Tx, before: number) =>
  on(tx)
    .selectFrom('quality.call')
    .selectAll()
    .where('due', '=', true)
    .where('ended_at', '<=', before)
    .orderBy('ended_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
export const updateCall = (tx: Tx, callId: string, set: Partial<Omit<CallRow, 'call_id'>>) =>
  on(tx).updateTable('quality.call').set(set).where('call_id', '=', callId).execute();
export const callById = (reader: Queryable, callId: string) =>
  on(reader).selectFrom('quality.call').selectAll().where('call_id', '=', callId).executeTakeFirst();
export async function saveSide(tx: Tx, row: SideRow): Promise<void> {
  const { call_id: _, participant: __, ...set } = row;
  await on(tx)
    .insertInto('quality.side')
    .values(row)
    .onConflict((c) => c.columns(['call_id', 'participant']).doUpdateSet(set))
    .execute();
}
export const sidesOf = (reader: Queryable, callId: string) =>
  on(reader).selectFrom('quality.side').selectAll().where('call_id', '=', callId).execute();

export type EndedFilter = {
  from?: number | undefined;
  until?: number | undefined;
  branch?: string | undefined;
  agent?: string | undefined;
  after: { endedAt: number; callId: string } | null;
  limit: number;
};
/** The latest first; each filter, alone or with a time, goes by an index of its own. */
export function endedCalls(reader: Queryable, { from, until, branch, agent, after, limit }: EndedFilter) {
  let query = on(reader).selectFrom('quality.call').selectAll();
  if (branch !== undefined) query = query.where('branch_id', '=', branch);
  if (agent !== undefined) query = query.where('staff_id', '=', agent);
  if (from !== undefined) query = query.where('ended_at', '>=', from);
  if (until !== undefined) query = query.where('ended_at', '<', until);
  if (after) query = query.where(sql<boolean>`(ended_at, call_id) < (${after.endedAt}::bigint, ${after.callId}::uuid)`);
  return query.orderBy('ended_at', 'desc').orderBy('call_id', 'desc').limit(limit).execute();
}

/** What the journal says of a call, the oldest first. */
export const journalOf = (reader: Queryable, callId: string, kinds: readonly string[]) =>
  reader
    .as<KernelTables>()
    .selectFrom('kernel.journal')
    .select(['at', 'kind', 'about', 'data'])
    .where(sql<boolean>`about @> ${JSON.stringify({ callId })}::jsonb`)
    .where('kind', 'in', [...kinds])
    .orderBy('id')
    .execute();
