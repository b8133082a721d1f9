import type { HandoverPurpose } from '@openvtm/protocol';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type CodeRow = {
  hash: Buffer;
  /** Set for the purposes `continue` and `follow`. */
  case_id: string | null;
  appointment_id: string | null;
  kiosk_id: string;
  branch_id: string;
  purpose: HandoverPurpose | 'ahead' | 'appointment';
  state: 'open' | 'replaced' | 'used';
  made_at: number;
  expires_at: number;
  used_at: number | null;
  used_by: string | null;
};
type GuessRow = { kiosk_id: string; wrong: number; locked_until: number | null };
type FollowerRow = { kiosk_id: string; case_id: string; since: number };
type HandoversTables = {
  'handovers.code': CodeRow;
  'handovers.guess': GuessRow;
  'handovers.follower': FollowerRow;
};

const on = (reader: Queryable) => reader.as<HandoversTables>();

export const replaceOpenCode = (tx: Tx, caseId: string, purpose: HandoverPurpose | 'ahead') =>
  on(tx)
    .updateTable('handovers.code')
    .set({ state: 'replaced' })
    .where('case_id', '=', caseId)
    .where('purpose', '=', purpose)
    .where('state', '=', 'open')
    .execute();
export const replaceOpenAppointmentCode = (tx: Tx, appointmentId: string) =>
  on(tx)
    .updateTable('handovers.code')
    .set({ state: 'replaced' })
    .where('appointment_id', '=', appointmentId)
    .where('state', '=', 'open')
    .execute();
/** The same code until another time. */
export const prolongAppointmentCode = (tx: Tx, appointmentId: string, expiresAt: number) =>
  on(tx)
    .updateTable('handovers.code')
    .set({ expires_at: expiresAt })
    .where('appointment_id', '=', appointmentId)
    .where('state', '=', 'open')
    .execute();
export const spendAppointmentCode = (tx: Tx, appointmentId: string, set: Pick<CodeRow, 'used_at' | 'used_by'>) =>
  on(tx)
    .updateTable('handovers.code')
    .set({ ...set, state: 'used' })
    .where('appointment_id', '=', appointmentId)
    .where('state', '=', 'open')
    .execute();
export const insertCode = (tx: Tx, row: CodeRow) => on(tx).insertInto('handovers.code').values(row).execute();
export const lockCode = (tx: Tx, hash: Buffer) =>
  on(tx).selectFrom('handovers.code').selectAll().where('hash', '=', hash).forUpdate().executeTakeFirst();
export const spendCode = (tx: Tx, hash: Buffer, set: Pick<CodeRow, 'used_at' | 'used_by'>) =>
  on(tx)
    .updateTable('handovers.code')
    .set({ ...set, state: 'used' })
    .where('hash', '=', hash)
    .execute();
/** Codes of long ago say nothing any more. */
export const dropCodesBefore = (tx: Tx, before: number) =>
  on(tx).deleteFrom('handovers.code').where('expires_at', '<', before).execute();

/** The device's row, locked from here on, so that guesses at once are counted one after the other. */
export async function lockGuess(tx: Tx, kioskId: string): Promise<GuessRow> {
  await on(tx)
    .insertInto('handovers.guess')
    .values({ kiosk_id: kioskId, wrong: 0, locked_until: null })
    .onConflict((c) => c.doNothing())
    .execute();
  return on(tx)
    .selectFrom('handovers.guess')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}
export const updateGuess = (tx: Tx, kioskId: string, set: Omit<GuessRow, 'kiosk_id'>) =>
  on(tx).updateTable('handovers.guess').set(set).where('kiosk_id', '=', kioskId).execute();

export const saveFollower = (tx: Tx, row: FollowerRow) =>
  on(tx)
    .insertInto('handovers.follower')
    .values(row)
    .onConflict((c) => c.column('kiosk_id').doUpdateSet({ case_id: row.case_id, since: row.since }))
    .execute();
export const dropFollower = (tx: Tx, { kioskId, caseId }: { kioskId: string; caseId: string }) =>
  on(tx)
    .deleteFrom('handovers.follower')
    .where('kiosk_id', '=', kioskId)
    .where('case_id', '=', caseId)
    .returning('case_id')
    .executeTakeFirst();
export const dropFollowersBefore = (tx: Tx, before: number) =>
  on(tx).deleteFrom('handovers.follower').where('since', '<', before).execute();
export const followerOf = (reader: Queryable, kioskId: string) =>
  on(reader).selectFrom('handovers.follower').selectAll().where('kiosk_id', '=', kioskId).executeTakeFirst();
export const followersOfCase = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('handovers.follower').select('kiosk_id').where('case_id', '=', caseId).execute();
