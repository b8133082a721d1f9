import type { Queryable, Tx } from '../../kernel/db.ts';

export type SubjectKind = 'kiosk' | 'staff';
type SessionTable = {
  id: string;
  subject_kind: SubjectKind;
  subject_id: string;
  opened_at: number;
  expires_at: number;
  revoked_at: number | null;
  revoke_reason: string | null;
};
type RefreshTable = { hash: Buffer; session_id: string; issued_at: number; used_at: number | null };
type SessionsTables = { 'sessions.session': SessionTable; 'sessions.refresh': RefreshTable };

const on = (reader: Queryable) => reader.as<SessionsTables>();

export const insertSession = (tx: Tx, row: SessionTable) => on(tx).insertInto('sessions.session').values(row).execute();

export const insertRefresh = (tx: Tx, row: RefreshTable) => on(tx).insertInto('sessions.refresh').values(row).execute();

/** Marks the token used and tells whose it was, in one statement: of two that come at once, one gets it. */
export const takeRefresh = (tx: Tx, hash: Buffer, now: number) =>
  on(tx)
    .updateTable('sessions.refresh')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .returning('session_id')
    .executeTakeFirst();

export const refreshByHash = (tx: Tx, hash: Buffer) =>
  on(tx).selectFrom('sessions.refresh').selectAll().where('hash', '=', hash).executeTakeFirst();

export const sessionById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('sessions.session').selectAll().where('id', '=', id).executeTakeFirst();

/** Of these sessions, the ids of those that still hold at `now`. */
export const liveAmong = (reader: Queryable, ids: string[], now: number) =>
  on(reader)
    .selectFrom('sessions.session')
    .select('id')
    .where('id', 'in', ids)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();

export const revokeSessions = (
  tx: Tx,
  which: { id: string } | { kind: SubjectKind; subjectId: string },
  end: { now: number; reason: string },
) => {
  const update = on(tx)
    .updateTable('sessions.session')
    .set({ revoked_at: end.now, revoke_reason: end.reason })
    .where('revoked_at', 'is', null);
  const chosen =
    'id' in which
      ? update.where('id', '=', which.id)
      : update.where('subject_kind', '=', which.kind).where('subject_id', '=', which.subjectId);
  return chosen.returning(['id', 'subject_kind', 'subject_id']).execute();
};
