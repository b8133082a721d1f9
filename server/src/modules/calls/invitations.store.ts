import type { Queryable, Tx } from '../../kernel/db.ts';

export type InvitationRow = {
  id: string;
  call_id: string;
  from_staff: string;
  /** null: any supervisor. */
  to_staff: string | null;
  note: Buffer | null;
  made_at: number;
  deadline: number;
  state: 'open' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
  answered_by: string | null;
  ended_at: number | null;
};
type InvitationTables = { 'calls.invitation': InvitationRow };

const on = (reader: Queryable) => reader.as<InvitationTables>();
const all = (reader: Queryable) => on(reader).selectFrom('calls.invitation').selectAll();

export const insertInvitation = (tx: Tx, row: InvitationRow) =>
  on(tx).insertInto('calls.invitation').values(row).execute();
export const lockInvitation = (tx: Tx, id: string) => all(tx).where('id', '=', id).forUpdate().executeTakeFirst();
export const invitationById = (reader: Queryable, id: string) => all(reader).where('id', '=', id).executeTakeFirst();
export const endInvitation = (
  tx: Tx,
  id: string,
  set: Pick<InvitationRow, 'state' | 'ended_at'> & Partial<InvitationRow>,
) => on(tx).updateTable('calls.invitation').set(set).where('id', '=', id).where('state', '=', 'open').execute();
export const openInvitations = (reader: Queryable, callIds: string[]) =>
  all(reader).where('call_id', 'in', callIds).where('state', '=', 'open').orderBy('made_at').execute();
/** Those still open, and those that came to nothing since `after`. */
export const recentInvitations = (reader: Queryable, callIds: string[], after: number) =>
  all(reader)
    .where('call_id', 'in', callIds)
    .where((e) =>
      e.or([
        e('state', '=', 'open'),
        e.and([e('state', 'in', ['declined', 'expired'] as const), e('ended_at', '>', after)]),
      ]),
    )
    .orderBy('made_at')
    .execute();
export const invitationsFor = (reader: Queryable, who: { staffId: string; supervisor: boolean }) =>
  all(reader)
    .where('state', '=', 'open')
    .where('from_staff', '<>', who.staffId)
    .where((e) => e.or([e('to_staff', '=', who.staffId), ...(who.supervisor ? [e('to_staff', 'is', null)] : [])]))
    .orderBy('made_at')
    .limit(20)
    .execute();
export const lockOverdueInvitations = (tx: Tx, now: number) =>
  all(tx).where('state', '=', 'open').where('deadline', '<=', now).forUpdate().skipLocked().execute();
