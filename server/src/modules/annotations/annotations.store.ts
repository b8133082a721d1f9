import type { MarkSide } from '@openvtm/protocol';
import type { Generated } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type MarkRow = {
  id: string;
  case_id: string;
  document_id: string;
  page: number;
  side: MarkSide;
  staff_id: string | null;
  made_at: number;
  mark: Buffer;
};
export type ShownRow = { call_id: string; case_id: string; document_id: string; page: number; since: number };
type AnnotationsTables = {
  'annotations.layer': { case_id: string };
  'annotations.mark': MarkRow & { place: Generated<number> };
  'annotations.shown': ShownRow;
};
type OnPage = { caseId: string; documentId: string; number: number };
const on = (reader: Queryable) => reader.as<AnnotationsTables>();

/** Whoever changes the marks of a case does it one after the other. */
export async function lockLayer(tx: Tx, caseId: string): Promise<void> {
  await on(tx)
    .insertInto('annotations.layer')
    .values({ case_id: caseId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await on(tx).selectFrom('annotations.layer').selectAll().where('case_id', '=', caseId).forUpdate().execute();
}
export const marksOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('annotations.mark').selectAll().where('case_id', '=', caseId).orderBy('place').execute();
export async function countMarks(
  reader: Queryable,
  { caseId, documentId, number }: OnPage,
): Promise<{ page: number; case: number }> {
  const { ofPage, ofCase } = await on(reader)
    .selectFrom('annotations.mark')
    .select(({ fn }) => [
      fn.countAll<number>().as('ofCase'),
      fn.countAll<number>().filterWhere('document_id', '=', documentId).filterWhere('page', '=', number).as('ofPage'),
    ])
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow();
  return { page: ofPage, case: ofCase };
}
/** false: it is there already. */
export async function insertMark(tx: Tx, row: MarkRow): Promise<boolean> {
  const made = await on(tx)
    .insertInto('annotations.mark')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(made.numInsertedOrUpdatedRows ?? 0) > 0;
}
/** How many went. */
export async function deleteLastMark(tx: Tx, { caseId, documentId, number }: OnPage, side: MarkSide): Promise<number> {
  const gone = await on(tx)
    .deleteFrom('annotations.mark')
    .where('id', '=', (from) =>
      from
        .selectFrom('annotations.mark')
        .select('id')
        .where('case_id', '=', caseId)
        .where('document_id', '=', documentId)
        .where('page', '=', number)
        .where('side', '=', side)
        .orderBy('place', 'desc')
        .limit(1),
    )
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}
/** `side` null: of both. How many went. */
export async function deleteMarks(
  tx: Tx,
  { caseId, documentId, number }: OnPage,
  side: MarkSide | null,
): Promise<number> {
  const all = on(tx)
    .deleteFrom('annotations.mark')
    .where('case_id', '=', caseId)
    .where('document_id', '=', documentId)
    .where('page', '=', number);
  const gone = await (side === null ? all : all.where('side', '=', side)).executeTakeFirst();
  return Number(gone.numDeletedRows);
}

export const shownIn = (reader: Queryable, callId: string) =>
  on(reader).selectFrom('annotations.shown').selectAll().where('call_id', '=', callId).executeTakeFirst();
export const putShown = (tx: Tx, row: ShownRow) =>
  on(tx)
    .insertInto('annotations.shown')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('call_id').doUpdateSet({ document_id: row.document_id, page: row.page, since: row.since }),
    )
    .execute();
export async function deleteShown(tx: Tx, callId: string): Promise<boolean> {
  const gone = await on(tx).deleteFrom('annotations.shown').where('call_id', '=', callId).executeTakeFirst();
  return Number(gone.numDeletedRows) > 0;
}
