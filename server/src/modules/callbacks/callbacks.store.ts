import type { Queryable, Tx } from '../../kernel/db.ts';
import type { CallBackState } from './callback-state.ts';

export type CallBackRow = {
  ticket_id: string;
  case_id: string;
  branch_id: string;
  state: CallBackState;
  /** Sealed; null once nobody is to call it. */
  phone: Buffer | null;
  asked_at: number;
  kept_until: number;
  called_at: number | null;
  called_by: string | null;
  reached: boolean | null;
};
type CallBacksTables = { 'callbacks.call_back': CallBackRow };

const on = (reader: Queryable) => reader.as<CallBacksTables>();

/** The same ticket may be asked for anew, after its customer was back. */
export const saveCallBack = (tx: Tx, row: CallBackRow) =>
  on(tx)
    .insertInto('callbacks.call_back')
    .values(row)
    .onConflict((c) => c.column('ticket_id').doUpdateSet(row))
    .execute();
export const lockCallBack = (tx: Tx, ticketId: string) =>
  on(tx).selectFrom('callbacks.call_back').selectAll().where('ticket_id', '=', ticketId).forUpdate().executeTakeFirst();
export const updateCallBack = (tx: Tx, ticketId: string, set: Partial<Omit<CallBackRow, 'ticket_id'>>) =>
  on(tx).updateTable('callbacks.call_back').set(set).where('ticket_id', '=', ticketId).execute();
/** Locked, so that each is closed once. */
export const lockAskedOfCase = (tx: Tx, caseId: string) =>
  on(tx)
    .selectFrom('callbacks.call_back')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('state', '=', 'asked')
    .forUpdate()
    .execute();

export const askedOfBranch = (reader: Queryable, branchId: string) =>
  on(reader)
    .selectFrom('callbacks.call_back')
    .selectAll()
    .where('branch_id', '=', branchId)
    .where('state', '=', 'asked')
    .execute();
export const casesAsked = (reader: Queryable) =>
  on(reader).selectFrom('callbacks.call_back').select('case_id').where('state', '=', 'asked').execute();
