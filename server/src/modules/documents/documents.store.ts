import type { DocumentKind, ReturnReason } from '@openvtm/protocol';
import type { z } from 'zod';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { DocumentAt } from './document-state.ts';

export type DocumentRow = {
  id: string;
  case_id: string;
  kiosk_id: string;
  kind: z.infer<typeof DocumentKind>;
  camera: 'face' | 'document';
  /** null: by the customer alone. */
  asked_by: string | null;
  asked_at: number;
  state: DocumentAt;
  since: number;
  return_reason: ReturnReason | null;
  return_note: Buffer | null;
  reviewed_by: string | null;
};
export type PageRow = {
  document_id: string;
  number: number;
  upload_id: string;
  uploaded_sha256: string;
  sha256: string;
  file: string;
  width: number;
  height: number;
  bytes: number;
  captured_at: number;
};
type DocumentsTables = { 'documents.document': DocumentRow; 'documents.page': PageRow };
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
export const moveDocuments = (tx: Tx, caseId: string, kioskId: string) =>
  on(tx).updateTable('documents.document').set({ kiosk_id: kioskId }).where('case_id', '=', caseId).execute();
/** Asked for and not yet answered by the customer, or sent back. */
export const openDocumentOfKind = (reader: Queryable, caseId: string, kind: DocumentRow['kind']) =>
  on(reader)
    .selectFrom('documents.document')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('kind', '=', kind)
    .where('state', 'in', ['asked', 'captured', 'returned'])
    .executeTakeFirst();

export const insertPage = (tx: Tx, row: PageRow) => on(tx).insertInto('documents.page').values(row).execute();
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
export const pagesOf = (reader: Queryable, documentIds: string[]) =>
  on(reader)
    .selectFrom('documents.page')
    .selectAll()
    .where('document_id', 'in', documentIds)
    .orderBy('number')
    .execute();
/** Of these file names, those that a page needs. */
export const neededFiles = (reader: Queryable, files: string[]) =>
  on(reader).selectFrom('documents.page').select('file').where('file', 'in', files).execute();
