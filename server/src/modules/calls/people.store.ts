import { sql } from 'kysely';
import type { ParticipantMode, ParticipantRole } from '@openvtm/protocol';
import { prepared, type Queryable, type Tx } from '../../kernel/db.ts';

export type ParticipantRow = {
  id: string;
  call_id: string;
  staff_id: string;
  role: 'expert' | 'branch-staff' | 'supervisor';
  mode: ParticipantMode;
  since: number;
  /** When they are out of it by the clock; null: they were asked in. */
  until: number | null;
  lost_at: number | null;
  left_at: number | null;
  left_reason: string | null;
};
export type ReasonRow = {
  id: string;
  call_id: string;
  staff_id: string;
  mode: ParticipantMode;
  given_at: number;
  /** Sealed. */
  words: Buffer;
};
type PeopleTables = { 'calls.participant': ParticipantRow; 'calls.reason': ReasonRow };

const on = (reader: Queryable) => reader.as<PeopleTables>();
const here = (reader: Queryable) => on(reader).selectFrom('calls.participant').selectAll().where('left_at', 'is', null);

export const insertParticipant = (tx: Tx, row: ParticipantRow) =>
  on(tx).insertInto('calls.participant').values(row).execute();
export const updateParticipant = (tx: Tx, id: string, set: Partial<Omit<ParticipantRow, 'id'>>) =>
  on(tx).updateTable('calls.participant').set(set).where('id', '=', id).execute();
export const participantOf = (reader: Queryable, callId: string, staffId: string) =>
  here(reader).where('call_id', '=', callId).where('staff_id', '=', staffId).executeTakeFirst();
export const participantsOf = (reader: Queryable, callIds: string[]) =>
  here(reader).where('call_id', 'in', callIds).orderBy('since').orderBy('id').execute();
export const insertReason = (tx: Tx, row: ReasonRow) => on(tx).insertInto('calls.reason').values(row).execute();
/** The first first. */
export const reasonsOf = (reader: Queryable, callIds: string[]) =>
  on(reader)
    .selectFrom('calls.reason')
    .selectAll()
    .where('call_id', 'in', callIds)
    .orderBy('given_at')
    .orderBy('id')
    .execute();
/** Where somebody is now, the latest first. */
export const staysOf = (reader: Queryable, staffId: string) =>
  here(reader).where('staff_id', '=', staffId).orderBy('since', 'desc').orderBy('id').execute();
/** `staffId` null: everybody. Those whose line was down already keep their moment. */
export const setParticipantLost = (tx: Tx, staffId: string | null, lostAt: number | null) => {
  const update = on(tx)
    .updateTable('calls.participant')
    .set({ lost_at: lostAt })
    .where('left_at', 'is', null)
    .where('lost_at', lostAt === null ? 'is not' : 'is', null);
  return (staffId === null ? update : update.where('staff_id', '=', staffId)).returningAll().execute();
};
/** Those whose time is up, or whose line has been down since before `lostBefore`. */
export const overdueParticipants = (reader: Queryable, due: { now: number; lostBefore: number }) =>
  here(reader)
    .where((e) => e.or([e('until', '<=', due.now), e('lost_at', '<=', due.lostBefore)]))
    .execute();
/** The kiosk's, the lead's, or the latest stay of somebody beside them. */
export const placeIn = async (reader: Queryable, callId: string, who: { kioskId: string } | { staffId: string }) =>
  (
    await sql<{ role: ParticipantRole; since: number; until: number | null }>`${prepared('calls.place')}
      select case when call.kiosk_id = one.kiosk then 'customer' when call.staff_id = one.staff then 'agent'
          else stay.role end as role,
        case when stay.id is null then call.started_at else least(stay.since, call.ended_at) end as since,
        case when call.kiosk_id = one.kiosk or call.staff_id = one.staff then call.ended_at
          else coalesce(stay.left_at, call.ended_at) end as until
      from (select ${'kioskId' in who ? who.kioskId : null}::uuid as kiosk, ${'staffId' in who ? who.staffId : null}::uuid as staff) one
      join calls.call call on call.id = ${callId}::uuid
      left join lateral (
        select * from calls.participant where call_id = call.id and staff_id = one.staff order by since desc limit 1
      ) stay on true
      where call.kiosk_id = one.kiosk or call.staff_id = one.staff or stay.id is not null`.execute(reader.as())
  ).rows[0];
