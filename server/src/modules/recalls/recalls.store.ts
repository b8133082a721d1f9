import type { Queryable, Tx } from '../../kernel/db.ts';
import type { RingState } from './ring-state.ts';

export type DroppedRow = {
  call_id: string;
  case_id: string;
  kiosk_id: string;
  staff_id: string;
  dropped_at: number;
  kept_until: number;
  ended: 'gone-on' | 'forgotten' | null;
};
export type RingRow = {
  id: string;
  call_id: string;
  kiosk_id: string;
  made_at: number;
  deadline: number;
  state: RingState;
  ended_at: number | null;
};
type RecallsTables = { 'recalls.dropped': DroppedRow; 'recalls.ring': RingRow };
const on = (reader: Queryable) => reader.as<RecallsTables>();

export const insertDropped = (tx: Tx, row: DroppedRow) => on(tx).insertInto('recalls.dropped').values(row).execute();
/** Locked, and before its rings: so it is everywhere. */
export const lockDropped = (tx: Tx, callId: string) =>
  on(tx).selectFrom('recalls.dropped').selectAll().where('call_id', '=', callId).forUpdate().executeTakeFirst();
export const droppedById = (reader: Queryable, callId: string) =>
  on(reader).selectFrom('recalls.dropped').selectAll().where('call_id', '=', callId).executeTakeFirst();
export const endDropped = (tx: Tx, callId: string, ended: NonNullable<DroppedRow['ended']>) =>
  on(tx).updateTable('recalls.dropped').set({ ended }).where('call_id', '=', callId).execute();
export const keptOf = (reader: Queryable, staffId: string) =>
  on(reader)
    .selectFrom('recalls.dropped')
    .selectAll()
    .where('staff_id', '=', staffId)
    .where('ended', 'is', null)
    .orderBy('dropped_at', 'desc')
    .execute();
export const overdueDrops = (reader: Queryable, now: number) =>
  on(reader)
    .selectFrom('recalls.dropped')
    .select('call_id')
    .where('ended', 'is', null)
    .where('kept_until', '<=', now)
    .execute();

export const insertRing = (tx: Tx, row: RingRow) => on(tx).insertInto('recalls.ring').values(row).execute();
export const ringById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('recalls.ring').selectAll().where('id', '=', id).executeTakeFirst();
export const lastRing = (reader: Queryable, callId: string) =>
  on(reader)
    .selectFrom('recalls.ring')
    .selectAll()
    .where('call_id', '=', callId)
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst();
export const ringAt = (reader: Queryable, kioskId: string) =>
  on(reader)
    .selectFrom('recalls.ring')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .where('state', '=', 'ringing')
    .executeTakeFirst();
export const overdueRings = (reader: Queryable, now: number) =>
  on(reader)
    .selectFrom('recalls.ring')
    .selectAll()
    .where('state', '=', 'ringing')
    .where('deadline', '<=', now)
    .execute();
export const updateRing = (tx: Tx, id: string, set: Pick<RingRow, 'state' | 'ended_at'>) =>
  on(tx).updateTable('recalls.ring').set(set).where('id', '=', id).execute();
