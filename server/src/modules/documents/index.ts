import type {
  CameraRole,
  Corners,
  DocumentKind,
  DocumentView,
  LookReason,
  MaskedArea,
  PageShape,
  ReturnReason,
  UploadState,
} from '@openvtm/protocol';
import type { z } from 'zod';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work, Works } from '../../kernel/work.ts';
import { createDecoder } from './decoder.ts';
import type { DocumentAt } from './document-state.ts';
import { createDocuments } from './documents.ts';
import { openFiles, type FileStore } from '../../kernel/files/index.ts';

export type DocumentFact = {
  kind:
    | 'document.asked'
    | 'document.arriving'
    | 'document.page-taken'
    | 'document.captured'
    | 'document.accepted-first'
    | 'document.accepted'
    | 'document.returned'
    | 'document.not-at-hand'
    | 'document.withdrawn'
    | 'document.masked'
    | 'document.viewed';
  about: { documentId: string; caseId: string; kioskId: string };
  data?: Record<string, string | number | boolean | null>;
};

/** A document as it stands: `round` counts its returns, `reviewedBy` said the last word on it. */
export type DocumentBrief = {
  documentId: string;
  caseId: string;
  kind: z.infer<typeof DocumentKind>;
  at: DocumentAt;
  round: number;
  /** null: by the customer alone. */
  askedBy: string | null;
  reviewedBy: string | null;
};

/** One picture of a page, encrypted in the store. */
export type StoredPicture = { file: string; sha256: string; width: number; height: number; bytes: number };
/** A stored page, not yet part of a document. */
export type StoredPage = { taken: StoredPicture; straight: StoredPicture | null; thumbnail: string };

/** A file that a kiosk sends for a document; its id is the take's own name, for two takes may be equal byte for byte. */
export type Upload = { documentId: string; uploadId: string; size: number; sha256: string };

/** Who looks. `stamp`: who and when, as it is drawn into the picture. */
export type Viewer = { staffId: string; stamp: string; masked: boolean } | { kioskId: string };
export type PageWish = { documentId: string; number: number; shape: PageShape; why: LookReason };

/** Documents asked for, captured and reviewed; pictures encrypted in the store. Refusals: `not-found`, `wrong-state`, and those of the decoder. */
export type Documents = {
  ask(
    work: Work,
    wish: {
      caseId: string;
      kioskId: string;
      /** null: the customer alone wants to photograph it. */
      staffId: string | null;
      kind: z.infer<typeof DocumentKind>;
      camera: CameraRole;
    },
  ): Promise<string>;
  withdraw(work: Work, documentId: string): Promise<void>;
  notAtHand(work: Work, documentId: string): Promise<void>;
  /** The customer alone puts off what nobody else asked for; `wrong-state` otherwise. */
  putOff(work: Work, documentId: string): Promise<void>;
  /** The case is at another device now: its pictures may be seen and taken there only. */
  moveTo(work: Work, caseId: string, kioskId: string): Promise<void>;
  /** By the only reviewer, or by the second of two. */
  accept(work: Work, documentId: string, staffId: string): Promise<void>;
  /** By the first of two reviewers: provisional until the second has decided. */
  acceptFirst(work: Work, documentId: string, staffId: string): Promise<void>;
  /** As it stands, locked; `not-found`. */
  locked(work: Work, documentId: string): Promise<DocumentBrief>;
  /** All of a case, locked. */
  lockedOfCase(work: Work, caseId: string): Promise<DocumentBrief[]>;
  sendBack(
    work: Work,
    documentId: string,
    review: { staffId: string; reason: ReturnReason; note: string },
  ): Promise<void>;
  /** What is still asked for when the call ends is taken back; pages that have come stay. */
  withdrawOpen(work: Work, caseId: string): Promise<void>;
  /** The document's case, kiosk and kind; `not-found`. */
  whose(documentId: string): Promise<{ caseId: string; kioskId: string; kind: z.infer<typeof DocumentKind> }>;
  /** The pages that came are all: they are under review now. `wrong-state` without one. */
  done(work: Work, documentId: string): Promise<void>;
  /** How far an upload has come; `wrong-state` when the document waits for no picture and has not got this one. */
  uploadState(upload: Pick<Upload, 'documentId' | 'uploadId'>): Promise<UploadState>;
  /** Encrypts and stores a piece. Nothing refers to it yet; an orphan is swept. `not-an-image` by the first one. */
  storePiece(bytes: Buffer, start: number): Promise<string>;
  /**
   * Makes a stored piece part of its upload, and answers how far that has come. A piece that does not go on where the
   * upload stands is dropped. `conflict`: the id is another file's.
   */
  keepPiece(work: Work, upload: Upload, piece: { start: number; length: number; file: string }): Promise<number>;
  /** All of an upload but its last piece; null when it does not stand at `received`. */
  gather(upload: Upload, received: number): Promise<Buffer | null>;
  /** Forgets what came of an upload. */
  drop(work: Work, upload: Pick<Upload, 'documentId' | 'uploadId'>): Promise<void>;
  /** Decodes, encodes anew, encrypts, stores. Nothing refers to it yet; an orphan is swept. `invalid-value`: the digest does not fit. */
  storePages(bytes: Buffer, upload: Upload & { corners: Corners | null }): Promise<StoredPage[]>;
  /** Makes stored pages the document's newest, and answers their numbers; `last`: they are all. The same upload again: nothing. */
  addPages(work: Work, upload: Upload & { last: boolean }, pages: StoredPage[]): Promise<number[]>;
  /** Bytes of an upload come in: shown on the desk, kept nowhere. */
  arriving(upload: Pick<Upload, 'documentId' | 'uploadId' | 'size'> & { kioskId: string; received: number }): void;
  /** That upload came to its end, good or bad. */
  arrived(documentId: string): void;
  /** Told whenever there is more to say of what is arriving from a kiosk, a few times a second at most. */
  onArriving(listener: (kioskId: string) => void): void;
  hasPage(page: { documentId: string; number: number }): Promise<boolean>;
  /** Covers these areas of a page, in the place of those before, for all viewers who are `masked`. */
  mask(work: Work, page: { documentId: string; number: number }, areas: MaskedArea[]): Promise<void>;
  /**
   * A picture of a page, as JPEG; journalled as a look, but for a thumbnail, in which nothing can be read. For staff with
   * the stamp drawn into the pixels; for who is `masked` without what is covered, and `not-allowed` as it was taken, where
   * nobody knows what lies under the covers.
   */
  page(works: Works, viewer: Viewer, page: PageWish): Promise<Uint8Array>;
  /** The picture of a page that is shown first, as JPEG, for the server's own use: nobody looks at it. `not-found`. */
  picture(documentId: string, number: number): Promise<Uint8Array>;
  ofCase(caseId: string): Promise<DocumentView[]>;
  /** Forgets uploads that nobody went on with for an hour, and removes files older than ten minutes that nothing refers to. */
  sweep(works: Works): Promise<number>;
  close(): void;
};

export const documentsSchema = { schema: 'documents', dir: new URL('./migrations/', import.meta.url) };

export async function openDocuments(needs: {
  database: Database;
  keys: Keys;
  store: FileStore;
  keyFolder: string;
}): Promise<Documents> {
  const files = await openFiles({ store: needs.store, keyFolder: needs.keyFolder });
  return createDocuments({ database: needs.database, keys: needs.keys, files, decoder: createDecoder() });
}
