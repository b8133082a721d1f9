import type { Countersigner, Language } from '@openvtm/protocol';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { PaperState } from './paper-state.ts';

export type PaperRow = {
  id: string;
  case_id: string;
  kiosk_id: string;
  branch_id: string;
  kind: 'agreement' | 'receipt';
  template: string | null;
  made_by: string | null;
  made_at: number;
  language: Language;
  words: Buffer;
  sha256: string;
  file: string;
  pages: number;
  at: PaperState['at'];
  since: number;
  furthest: number;
  read_how: 'scrolled' | 'aloud' | null;
  signature: Buffer | null;
  signature_sha256: string | null;
  signed_at: number | null;
  signed_file: string | null;
  signed_sha256: string | null;
  countersign: Countersigner[];
  waits_for: Countersigner[];
  due_at: number | null;
  attempts: number;
  sealed_file: string | null;
  sealed_sha256: string | null;
  stamped_at: number | null;
};
export type CountersignatureRow = {
  paper_id: string;
  as_role: Countersigner;
  staff_id: string;
  name: string;
  at: number;
};
type SigningTables = { 'signing.paper': PaperRow; 'signing.countersignature': CountersignatureRow };

const on = (reader: Queryable) => reader.as<SigningTables>();

/** false: there is a receipt of this case already. */
export const insertPaper = async (tx: Tx, row: PaperRow): Promise<boolean> => {
  const made = await on(tx)
    .insertInto('signing.paper')
    .values(row)
    .onConflict((conflict) => conflict.column('case_id').where('kind', '=', 'receipt').doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n;
};

export const lockPaper = (tx: Tx, id: string) =>
  on(tx).selectFrom('signing.paper').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const paperById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('signing.paper').selectAll().where('id', '=', id).executeTakeFirst();

export const updatePaper = (tx: Tx, id: string, set: Partial<Omit<PaperRow, 'id'>>) =>
  on(tx).updateTable('signing.paper').set(set).where('id', '=', id).execute();

export const papersOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('signing.paper')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('made_at')
    .orderBy('id')
    .execute();

export const openPapersOfCase = (tx: Tx, caseId: string) =>
  on(tx)
    .selectFrom('signing.paper')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('at', 'in', ['made', 'shown', 'read', 'signed'])
    .forUpdate()
    .execute();

/** Those that wait for this countersigner, signed at this branch. */
export const papersWaiting = (reader: Queryable, wish: { branchId: string; as: Countersigner }) =>
  on(reader)
    .selectFrom('signing.paper')
    .selectAll()
    .where('at', '=', 'confirmed')
    .where('branch_id', '=', wish.branchId)
    .where(sql<boolean>`${wish.as} = any (waits_for)`)
    .orderBy('made_at')
    .execute();

/** The next one to be sealed, put off until `until` for everybody else. */
export async function takeDue(tx: Tx, { now, until }: { now: number; until: number }): Promise<PaperRow | undefined> {
  const due = await on(tx)
    .selectFrom('signing.paper')
    .selectAll()
    .where('at', '=', 'sealing')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (due) await updatePaper(tx, due.id, { due_at: until });
  return due;
}

export const insertCountersignature = (tx: Tx, row: CountersignatureRow) =>
  on(tx).insertInto('signing.countersignature').values(row).execute();

export const countersignaturesOf = (reader: Queryable, paperIds: string[]) =>
  paperIds.length === 0
    ? Promise.resolve([])
    : on(reader)
        .selectFrom('signing.countersignature')
        .selectAll()
        .where('paper_id', 'in', paperIds)
        .orderBy('at')
        .execute();

/** Of these file names, those that a paper needs. */
export async function neededFiles(reader: Queryable, files: string[]): Promise<string[]> {
  const rows = await on(reader)
    .selectFrom('signing.paper')
    .select(['file', 'signed_file', 'sealed_file'])
    .where((is) => is.or([is('file', 'in', files), is('signed_file', 'in', files), is('sealed_file', 'in', files)]))
    .execute();
  return rows.flatMap((row) => [row.file, row.signed_file, row.sealed_file]).filter((name) => name !== null);
}
