import type { CameraRole, DocumentKind, MaskedArea, ReturnReason } from '@openvtm/protocol';
import { type ColumnType, type Insertable, type Selectable, sql } from 'kysely';
import type { z } from 'zod';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { DocumentAt } from './document-state.ts';

export type DocumentRow = {
  id: string;
  case_id: string;
  kiosk_id: string;
  kind: z.infer<typeof DocumentKind>;
  camera: CameraRole;
  /** null: by the customer alone. */
  asked_by: string | null;
  asked_at: number;
  state: DocumentAt;
  since: number;
  return_reason: ReturnReason | null;
  return_note: Buffer | null;
  reviewed_by: string | null;
  /** Counts the returns: pages that come now are of this round. */
  round: number;
};
type PageTable = {
  document_id: string;
  number: number;
  round: number;
  upload_id: string;
  part: number;
  uploaded_sha256: string;
  sha256: string;
  file: string;
  width: number;
  height: number;
  bytes: number;
  captured_at: number;
  straight_file: string | null;
  straight_sha256: string | null;
  straight_width: number | null;
  straight_height: number | null;
  straight_bytes: number | null;
  thumbnail_file: string | null;
  masks: ColumnType<MaskedArea[], string | undefined, string>;
};
export type PageRow = Selectable<PageTable>;
export type UploadRow = {
  document_id: string;
  id: string;
  size: number;
  sha256: string;
  received: number;
  touched_at: number;
};
export type PieceRow = { document_id: string; upload_id: string; start: number; file: string };
type DocumentsTables = {
  'documents.document': DocumentRow;
  'documents.page': PageTable;
  'documents.upload': UploadRow;
  'documents.piece': PieceRow;
};
const on = (reader: Queryable) => reader.as<DocumentsTables>();

export const insertDocument = (tx: Tx, row: DocumentRow) =>
  on(tx).insertInto('documents.document').values(row).execute();
export const lockDocument = (tx: Tx, id: string) =>
  on(tx).selectFrom('documents.document').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const documentById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('documents.document').selectAll().where('id', '=', id).executeTakeFirst();
export const updateDocument = (tx: Tx, id: string, set: Partial<Omit<DocumentRow, 'id'>>) =>
  on(tx).updateTable('documents.document').set(set).where('id', '=', id).execute();
export const documentsOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('documents.document')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('asked_at')
    .orderBy('id')
    .execute();
export const lockDocumentsOfCase = (tx: Tx, caseId: string) =>
  on(tx).selectFrom('documents.document').selectAll().where('case_id', '=', caseId).orderBy('id').forUpdate().execute();
export const moveDocuments = (tx: Tx, caseId: string, kioskId: string) =>
  on(tx).updateTable('documents.document').set({ kiosk_id: kioskId }).where('case_id', '=', caseId).execute();
/** Asked for and not yet answered by the customer, or sent back. */
export const openDocumentOfKind = (reader: Queryable, caseId: string, kind: DocumentRow['kind']) =>
  on(reader)
    .selectFrom('documents.document')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('kind', '=', kind)
    .where('state', 'in', ['asked', 'collecting', 'captured', 'provisional', 'returned'])
    .executeTakeFirst();

export const insertPages = (tx: Tx, rows: Insertable<PageTable>[]) =>
  on(tx).insertInto('documents.page').values(rows).execute();
export const pageByUpload = (reader: Queryable, documentId: string, uploadId: string) =>
  on(reader)
    .selectFrom('documents.page')
    .selectAll()
    .where('document_id', '=', documentId)
    .where('upload_id', '=', uploadId)
    .executeTakeFirst();
export const pageByNumber = (reader: Queryable, documentId: string, number: number) =>
  on(reader)
    .selectFrom('documents.page')
    .selectAll()
    .where('document_id', '=', documentId)
    .where('number', '=', number)
    .executeTakeFirst();
/** false: no such page. */
export async function updateMasks(
  tx: Tx,
  { documentId, number }: { documentId: string; number: number },
  masks: MaskedArea[],
): Promise<boolean> {
  const changed = await on(tx)
    .updateTable('documents.page')
    .set({ masks: JSON.stringify(masks) })
    .where('document_id', '=', documentId)
    .where('number', '=', number)
    .executeTakeFirst();
  return Number(changed.numUpdatedRows) > 0;
}
export const pagesOf = (reader: Queryable, documentIds: string[]) =>
  on(reader)
    .selectFrom('documents.page')
    .selectAll()
    .where('document_id', 'in', documentIds)
    .orderBy('number')
    .execute();
/** Of these file names, those that a page or an upload on its way needs. */
export async function neededFiles(reader: Queryable, files: string[]): Promise<string[]> {
  // One parameter, however many files there are.
  const oneOf = sql<string>`any(${files}::text[])`;
  const pages = await on(reader)
    .selectFrom('documents.page')
    .select(['file', 'straight_file', 'thumbnail_file'])
    .where((is) => is.or([is('file', '=', oneOf), is('straight_file', '=', oneOf), is('thumbnail_file', '=', oneOf)]))
    .execute();
  const pieces = await on(reader).selectFrom('documents.piece').select('file').where('file', '=', oneOf).execute();
  const ofPages = pages.flatMap((page) => [page.file, page.straight_file, page.thumbnail_file]);
  return [...ofPages, ...pieces.map(({ file }) => file)].filter((file) => file !== null);
}

export const uploadById = (reader: Queryable, documentId: string, id: string) =>
  on(reader)
    .selectFrom('documents.upload')
    .selectAll()
    .where('document_id', '=', documentId)
    .where('id', '=', id)
    .executeTakeFirst();
/** The upload's row, locked; made if there is none yet. */
export async function lockUpload(tx: Tx, row: UploadRow): Promise<UploadRow> {
  await on(tx)
    .insertInto('documents.upload')
    .values(row)
    .onConflict((conflict) => conflict.columns(['document_id', 'id']).doNothing())
    .execute();
  return on(tx)
    .selectFrom('documents.upload')
    .selectAll()
    .where('document_id', '=', row.document_id)
    .where('id', '=', row.id)
    .forUpdate()
    .executeTakeFirstOrThrow();
}
export async function insertPiece(tx: Tx, piece: PieceRow, upload: { received: number; touchedAt: number }) {
  await on(tx).insertInto('documents.piece').values(piece).execute();
  await on(tx)
    .updateTable('documents.upload')
    .set({ received: upload.received, touched_at: upload.touchedAt })
    .where('document_id', '=', piece.document_id)
    .where('id', '=', piece.upload_id)
    .execute();
}
export const piecesOf = (reader: Queryable, documentId: string, uploadId: string) =>
  on(reader)
    .selectFrom('documents.piece')
    .selectAll()
    .where('document_id', '=', documentId)
    .where('upload_id', '=', uploadId)
    .orderBy('start')
    .execute();
/** Pieces go with it. */
export const deleteUpload = (tx: Tx, documentId: string, id: string) =>
  on(tx).deleteFrom('documents.upload').where('document_id', '=', documentId).where('id', '=', id).execute();
/** All but the `most` newest of a document. */
export const deleteOlderUploads = (tx: Tx, documentId: string, most: number) =>
  on(tx)
    .deleteFrom('documents.upload')
    .where('document_id', '=', documentId)
    .where('id', 'in', (from) =>
      from
        .selectFrom('documents.upload')
        .select('id')
        .where('document_id', '=', documentId)
        .orderBy('touched_at', 'desc')
        .offset(most),
    )
    .execute();
export const deleteUploadsBefore = (tx: Tx, before: number) =>
  on(tx).deleteFrom('documents.upload').where('touched_at', '<', before).execute();
export const uploadsOf = (reader: Queryable, documentIds: string[]) =>
  on(reader).selectFrom('documents.upload').selectAll().where('document_id', 'in', documentIds).execute();
