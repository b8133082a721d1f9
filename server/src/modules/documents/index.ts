import type { DocumentKind, DocumentView, ReturnReason } from '@openvtm/protocol';
import type { z } from 'zod';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work, Works } from '../../kernel/work.ts';
import { createDecoder } from './decoder.ts';
import { createDocuments } from './documents.ts';
import { openFiles } from './files.ts';

export type DocumentFact = {
  kind:
    | 'document.asked'
    | 'document.captured'
    | 'document.accepted'
    | 'document.returned'
    | 'document.not-at-hand'
    | 'document.withdrawn'
    | 'document.viewed';
  about: { documentId: string; caseId: string; kioskId: string };
  data?: Record<string, string | number | boolean | null>;
};

/** A picture that is encrypted on disk and not yet part of a document. */
export type StoredPicture = {
  /** The take's own name: two takes may be equal byte for byte. */
  uploadId: string;
  uploadedSha256: string;
  sha256: string;
  file: string;
  width: number;
  height: number;
  bytes: number;
};

/** Documents asked for, captured and reviewed; pictures encrypted on disk. Refusals: `not-found`, `wrong-state`, and those of the decoder. */
export type Documents = {
  ask(
    work: Work,
    wish: {
      caseId: string;
      kioskId: string;
      /** null: the customer alone wants to photograph it. */
      staffId: string | null;
      kind: z.infer<typeof DocumentKind>;
      camera: 'face' | 'document';
    },
  ): Promise<string>;
  withdraw(work: Work, documentId: string): Promise<void>;
  notAtHand(work: Work, documentId: string): Promise<void>;
  /** The customer alone puts off what nobody else asked for; `wrong-state` otherwise. */
  putOff(work: Work, documentId: string): Promise<void>;
  /** The case is at another device now: its pictures may be seen and taken there only. */
  moveTo(work: Work, caseId: string, kioskId: string): Promise<void>;
  accept(work: Work, documentId: string, staffId: string): Promise<void>;
  sendBack(
    work: Work,
    documentId: string,
    review: { staffId: string; reason: ReturnReason; note: string },
  ): Promise<void>;
  /** What is still asked for when the call ends is taken back. */
  withdrawOpen(work: Work, caseId: string): Promise<void>;
  /** The document's case and kiosk; `not-found`. */
  whose(documentId: string): Promise<{ caseId: string; kioskId: string }>;
  /** Checks that the document waits for a picture, or already has this very upload. */
  expects(documentId: string, uploadId: string): Promise<'new' | 'known'>;
  /** Decodes, encodes anew, encrypts, puts on disk. Nothing refers to it yet; an orphan is swept. */
  storePicture(bytes: Buffer, upload: Pick<StoredPicture, 'uploadId' | 'uploadedSha256'>): Promise<StoredPicture>;
  /** Makes a stored picture the document's newest page. The same upload again: nothing. */
  capture(work: Work, documentId: string, picture: StoredPicture): Promise<void>;
  /** The picture of a page, as JPEG; journalled as a look. */
  page(
    works: Works,
    viewer: { staffId: string } | { kioskId: string },
    page: { documentId: string; number: number },
  ): Promise<Uint8Array>;
  ofCase(caseId: string): Promise<DocumentView[]>;
  /** Removes files older than ten minutes that no page refers to. */
  sweep(now: number): Promise<number>;
  close(): void;
};

export const documentsSchema = { schema: 'documents', dir: new URL('./migrations/', import.meta.url) };

export async function openDocuments(needs: {
  database: Database;
  keys: Keys;
  folder: string;
  keyFolder: string;
}): Promise<Documents> {
  const files = await openFiles({ folder: needs.folder, keyFolder: needs.keyFolder });
  return createDocuments({ database: needs.database, keys: needs.keys, files, decoder: createDecoder() });
}
