import { createHash } from 'node:crypto';
import { MAX_PAGES, mayHavePages } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { Decoder } from './decoder.ts';
import { nextDocument, type DocumentEvent } from './document-state.ts';
import {
  deleteOlderUploads,
  deleteUpload,
  deleteUploadsBefore,
  documentById,
  insertPages,
  insertPiece,
  lockDocument,
  lockUpload,
  neededFiles,
  pageByUpload,
  pagesOf,
  piecesOf,
  uploadById,
  type DocumentRow,
  type UploadRow,
} from './documents.store.ts';
import { fileKind } from './file-kind.ts';
import type { Files } from '../../kernel/files/index.ts';
import type { DocumentFact, Documents, StoredPage, StoredPicture } from './index.ts';

const ORPHAN_AFTER_MS = 10 * 60_000;
/** A kiosk that was cut off comes back within minutes; after that the case has gone on without this upload. */
const FORGET_AFTER_MS = 3_600_000;
/** Of one document, on their way at once. */
const MOST_UPLOADS = 4;
/** Between two words to the desk about what is arriving. */
const TELL_EVERY_MS = 150;

type Needs = {
  database: Database;
  files: Files;
  decoder: Decoder;
  move(work: Work, documentId: string, change: { event: DocumentEvent } & Partial<DocumentRow>): Promise<DocumentRow>;
  record(work: Work, row: DocumentRow, what: Omit<DocumentFact, 'about'>): void;
};
type Uploads = Pick<
  Documents,
  | 'uploadState'
  | 'storePiece'
  | 'keepPiece'
  | 'gather'
  | 'drop'
  | 'storePages'
  | 'addPages'
  | 'arriving'
  | 'arrived'
  | 'onArriving'
  | 'sweep'
> & {
  /** How far what is arriving has come: the bytes that come in just now, else what was kept of it. */
  arrivingOf(begun: UploadRow[], documentId: string): { received: number; size: number } | null;
};

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** How files arrive: in pieces that outlive a cut, decoded when they are all there. See `Documents` for each one's contract. */
export function createUploads({ database, files, decoder, move, record }: Needs): Uploads {
  const coming = new Map<string, { uploadId: string; received: number; size: number }>();
  const toldAt = new Map<string, number>();
  let listener: (kioskId: string) => void = () => {};

  const storePicture = async ({ jpeg, width, height }: { jpeg: Uint8Array; width: number; height: number }) => {
    const stored: StoredPicture = {
      file: await files.put(jpeg),
      sha256: sha256Of(jpeg),
      width,
      height,
      bytes: jpeg.length,
    };
    return stored;
  };

  return {
    async uploadState({ documentId, uploadId }) {
      const row = await documentById(database, documentId);
      if (!row) throw new Refusal('not-found', 'no such document');
      const begun = await uploadById(database, documentId, uploadId);
      if (await pageByUpload(database, documentId, uploadId)) return { received: begun?.size ?? 0, done: true };
      if (!nextDocument(row.state, 'page')) throw new Refusal('wrong-state', 'no picture is asked for');
      return { received: begun?.received ?? 0, done: false };
    },

    async storePiece(bytes, start) {
      if (start === 0 && fileKind(bytes) === null)
        throw new Refusal('not-an-image', 'neither JPEG, PNG, WebP nor PDF by its first bytes');
      return files.put(bytes);
    },

    async keepPiece(work, { documentId, uploadId, size, sha256 }, { start, length, file }) {
      const row = await lockDocument(work.tx, documentId);
      if (!row || !nextDocument(row.state, 'page')) throw new Refusal('wrong-state', 'no picture is asked for');
      const fresh = { document_id: documentId, id: uploadId, size, sha256, received: 0, touched_at: work.now };
      const upload = await lockUpload(work.tx, fresh);
      if (upload.size !== size || upload.sha256 !== sha256) throw new Refusal('conflict', "another upload's id");
      if (upload.received !== start) return upload.received;
      const received = start + length;
      const piece = { document_id: documentId, upload_id: uploadId, start, file };
      await insertPiece(work.tx, piece, { received, touchedAt: work.now });
      if (start === 0) {
        await deleteOlderUploads(work.tx, documentId, MOST_UPLOADS);
        record(work, row, { kind: 'document.arriving', data: { sha256, bytes: size } });
      }
      return received;
    },

    async gather({ documentId, uploadId, size, sha256 }, received) {
      const upload = await uploadById(database, documentId, uploadId);
      if ((upload?.received ?? 0) !== received) return null;
      if (upload && (upload.size !== size || upload.sha256 !== sha256))
        throw new Refusal('conflict', "another upload's id");
      const pieces = await piecesOf(database, documentId, uploadId);
      return Buffer.concat(await Promise.all(pieces.map(({ file }) => files.get(file))));
    },

    drop: async (work, { documentId, uploadId }) => void (await deleteUpload(work.tx, documentId, uploadId)),

    async storePages(bytes, { sha256, corners }) {
      if (sha256Of(bytes) !== sha256) throw new Refusal('invalid-value', 'the bytes do not fit their digest');
      const pages: StoredPage[] = [];
      await decoder.decode({ bytes, corners }, async ({ taken, straight, thumbnail }) => {
        const [keptTaken, keptStraight, keptThumbnail] = await Promise.all([
          storePicture(taken),
          straight && storePicture(straight),
          files.put(thumbnail),
        ]);
        pages.push({ taken: keptTaken, straight: keptStraight, thumbnail: keptThumbnail });
      });
      return pages;
    },

    async addPages(work, { documentId, uploadId, sha256, last }, pages) {
      const locked = await lockDocument(work.tx, documentId);
      if (locked && (await pageByUpload(work.tx, documentId, uploadId))) return [];
      const before = await pagesOf(work.tx, [documentId]);
      const ofRound = before.filter((page) => page.round === locked?.round).length + pages.length;
      if (ofRound > MAX_PAGES) throw new Refusal('too-many-pages', `${ofRound} pages, at most ${MAX_PAGES}`);
      const isAll = last || (locked !== undefined && !mayHavePages(locked.kind)) || ofRound === MAX_PAGES;
      const event = isAll ? 'capture' : 'page';
      const row = await move(work, documentId, { event, return_reason: null, return_note: null });
      const rows = pages.map(({ taken, straight, thumbnail }, i) => ({
        document_id: documentId,
        number: before.length + 1 + i,
        round: row.round,
        upload_id: uploadId,
        part: i + 1,
        uploaded_sha256: sha256,
        sha256: taken.sha256,
        file: taken.file,
        width: taken.width,
        height: taken.height,
        bytes: taken.bytes,
        captured_at: work.now,
        straight_file: straight?.file ?? null,
        straight_sha256: straight?.sha256 ?? null,
        straight_width: straight?.width ?? null,
        straight_height: straight?.height ?? null,
        straight_bytes: straight?.bytes ?? null,
        thumbnail_file: thumbnail,
      }));
      await insertPages(work.tx, rows);
      await deleteUpload(work.tx, documentId, uploadId);
      for (const [i, page] of rows.entries()) {
        const data = {
          page: page.number,
          sha256: page.sha256,
          bytes: page.bytes,
          ...(page.straight_sha256 ? { straightened: page.straight_sha256 } : {}),
        };
        // The document is captured with the last of them.
        const kind = isAll && i === rows.length - 1 ? 'document.captured' : 'document.page-taken';
        record(work, row, { kind, data });
      }
      return rows.map(({ number }) => number);
    },

    arriving({ documentId, uploadId, kioskId, received, size }) {
      coming.set(documentId, { uploadId, received, size });
      const now = performance.now();
      if (now - (toldAt.get(documentId) ?? -Infinity) < TELL_EVERY_MS) return;
      toldAt.set(documentId, now);
      listener(kioskId);
    },
    arrived(documentId) {
      coming.delete(documentId);
      toldAt.delete(documentId);
    },
    onArriving: (told) => void (listener = told),
    arrivingOf(begun, documentId) {
      const now = coming.get(documentId);
      if (now) return { received: now.received, size: now.size };
      const newest = begun.toSorted((a, b) => b.touched_at - a.touched_at)[0];
      return newest ? { received: newest.received, size: newest.size } : null;
    },

    async sweep(works) {
      await works.bySystem((work) => deleteUploadsBefore(work.tx, work.now - FORGET_AFTER_MS));
      const old = await files.older(ORPHAN_AFTER_MS);
      if (old.length === 0) return 0;
      const needed = new Set(await neededFiles(database, old));
      const orphans = old.filter((name) => !needed.has(name));
      for (const name of orphans) await files.remove(name);
      return orphans.length;
    },
  };
}
