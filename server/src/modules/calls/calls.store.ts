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
  ended_at: number | null;
  end_reason: EndReason | null;
  outcome: Outcome | null;
  note: Buffer | null;
};
type CallsTables = { 'calls.call': CallRow };

const on = (reader: Queryable) => reader.as<CallsTables>();

export const insertCall = (tx: Tx, row: CallRow) => on(tx).insertInto('calls.call').values(row).execute();
export const lockCall = (tx: Tx, id: string) =>
  on(tx).selectFrom('calls.call').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const callById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('calls.call').selectAll().where('id', '=', id).executeTakeFirst();
export const updateCall = (tx: Tx, id: string, set: Partial<Omit<CallRow, 'id'>>) =>
  on(tx).updateTable('calls.call').set(set).where('id', '=', id).execute();
export const activeCalls = (reader: Queryable) =>
  on(reader).selectFrom('calls.call').selectAll().where('state', '=', 'active').execute();
export const activeCallOf = (reader: Queryable, who: { kioskId: string } | { staffId: string }) => {
  const query = on(reader).selectFrom('calls.call').selectAll().where('state', '=', 'active');
  return (
    'kioskId' in who ? query.where('kiosk_id', '=', who.kioskId) : query.where('staff_id', '=', who.staffId)
  ).executeTakeFirst();
};
