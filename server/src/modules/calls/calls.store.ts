import { sql } from 'kysely';
import type { EndReason, Outcome } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type CallRow = {
  id: string;
  case_id: string;
  kiosk_id: string;
  staff_id: string;
  state: 'active' | 'ended';
  started_at: number;
  customer_lost_at: number | null;
  agent_lost_at: number | null;
  held_at: number | null;
  ended_at: number | null;
  end_reason: EndReason | null;
  outcome: Outcome | null;
  note: Buffer | null;
  passed_note: Buffer | null;
};
type CallsTables = { 'calls.call': CallRow };

const on = (reader: Queryable) => reader.as<CallsTables>();

export const insertCall = (tx: Tx, row: CallRow) => on(tx).insertInto('calls.call').values(row).execute();
export const lockCall = (tx: Tx, id: string) =>
  on(tx).selectFrom('calls.call').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const callById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('calls.call').selectAll().where('id', '=', id).executeTakeFirst();
export const callsOfCases = (reader: Queryable, caseIds: string[]) =>
  on(reader)
    .selectFrom('calls.call')
    .select(['case_id', 'outcome'])
    .where('case_id', 'in', caseIds)
    .orderBy('started_at')
    .execute();
export const lastEndedCall = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('calls.call')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('state', '=', 'ended')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
export const updateCall = (tx: Tx, id: string, set: Partial<Omit<CallRow, 'id'>>) =>
  on(tx).updateTable('calls.call').set(set).where('id', '=', id).execute();
export const activeCalls = (reader: Queryable) =>
  on(reader).selectFrom('calls.call').selectAll().where('state', '=', 'active').execute();
/** Calls that began from `from` on and before `until` and are over: how many, and how long they took in all. */
export const lastedBetween = (reader: Queryable, { from, until }: { from: number; until: number }) =>
  on(reader)
    .selectFrom('calls.call')
    .select((e) => [
      e.fn.countAll<number>().as('calls'),
      sql<string | null>`sum(greatest(0, ended_at - started_at))`.as('ms'),
    ])
    .where('state', '=', 'ended')
    .where('started_at', '>=', from)
    .where('started_at', '<', until)
    .executeTakeFirstOrThrow();
export const activeCallOf = (reader: Queryable, who: { kioskId: string } | { staffId: string }) => {
  const query = on(reader).selectFrom('calls.call').selectAll().where('state', '=', 'active');
  return (
    'kioskId' in who ? query.where('kiosk_id', '=', who.kioskId) : query.where('staff_id', '=', who.staffId)
  ).executeTakeFirst();
};
