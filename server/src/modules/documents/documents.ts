import { createHash, randomUUID } from 'node:crypto';
import type { CaseId, DocumentId, DocumentView } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { Decoder } from './decoder.ts';
import { nextDocument, type DocumentEvent } from './document-state.ts';
import {
  documentById,
  documentsOfCase,
  insertDocument,
  insertPage,
  lockDocument,
  moveDocuments,
  neededFiles,
  openDocumentOfKind,
  pageByNumber,
  pageByUpload,
  pagesOf,
  updateDocument,
  type DocumentRow,
  type PageRow,
} from './documents.store.ts';
import type { Files } from './files.ts';
import type { DocumentFact, Documents } from './index.ts';

const ORPHAN_AFTER_MS = 10 * 60_000;

/** What happens to a document, and what is kept of it. */
type Move = { event: DocumentEvent } & Partial<DocumentRow>;
type Needs = { database: Database; keys: Keys; files: Files; decoder: Decoder };

/** See `Documents` for each one's contract. */
export function createDocuments({ database, keys, files, decoder }: Needs): Documents {
  const noteContext = (id: string) => `document:${id}:note`;

  const record = (work: Work, row: DocumentRow, what: Omit<DocumentFact, 'about'>) => {
    const fact: DocumentFact = { ...what, about: { documentId: row.id, caseId: row.case_id, kioskId: row.kiosk_id } };
    work.record(fact);
  };

  const known = async (documentId: string) => {
    const row = await documentById(database, documentId);
    if (!row) throw new Refusal('not-found', 'no such document');
    return row;
  };

  const move = async (work: Work, documentId: string, { event, ...set }: Move) => {
    const row = await lockDocument(work.tx, documentId);
    if (!row) throw new Refusal('not-found', 'no such document');
    const state = nextDocument(row.state, event);
    if (!state) throw new Refusal('wrong-state', `${event} does not follow ${row.state}`);
    await updateDocument(work.tx, row.id, { ...set, state, since: work.now });
    return row;
  };

  const withdraw = async (work: Work, documentId: string) => {
    record(work, await move(work, documentId, { event: 'withdraw' }), { kind: 'document.withdrawn' });
  };

  const stateOf = (row: DocumentRow): DocumentView['state'] => {
    if (row.state === 'asked') return { at: 'asked' };
    if (row.state !== 'returned') return { at: row.state, since: row.since };
    const note = row.return_note ? keys.unseal(row.return_note, noteContext(row.id)).open() : '';
    return { at: 'returned', since: row.since, reason: row.return_reason ?? 'other', note };
  };

  const pageView = ({ number, width, height, bytes, sha256, captured_at: capturedAt }: PageRow) => ({
    number,
    width,
    height,
    bytes,
    sha256,
    capturedAt,
  });

  return {
    async ask(work, { caseId, kioskId, staffId, kind, camera }) {
      const open = await openDocumentOfKind(work.tx, caseId, kind);
      if (open) return open.id;
      const row: DocumentRow = {
        id: randomUUID(),
        case_id: caseId,
        kiosk_id: kioskId,
        kind,
        camera,
        asked_by: staffId,
        asked_at: work.now,
        state: 'asked',
        since: work.now,
        return_reason: null,
        return_note: null,
        reviewed_by: null,
      };
      await insertDocument(work.tx, row);
      record(work, row, { kind: 'document.asked', data: { document: kind, camera } });
      return row.id;
    },

    withdraw,
    async notAtHand(work, documentId) {
      record(work, await move(work, documentId, { event: 'not-at-hand' }), { kind: 'document.not-at-hand' });
    },
    async putOff(work, documentId) {
      if ((await lockDocument(work.tx, documentId))?.asked_by)
        throw new Refusal('wrong-state', 'somebody asked for it');
      await withdraw(work, documentId);
    },
    moveTo: async (work, caseId, kioskId) => void (await moveDocuments(work.tx, caseId, kioskId)),
    async accept(work, documentId, staffId) {
      record(work, await move(work, documentId, { event: 'accept', reviewed_by: staffId }), {
        kind: 'document.accepted',
      });
    },
    async sendBack(work, documentId, { staffId, reason, note }) {
      const sealed = note ? keys.seal(note, noteContext(documentId)) : null;
      const row = await move(work, documentId, {
        event: 'return',
        reviewed_by: staffId,
        return_reason: reason,
        return_note: sealed,
      });
      record(work, row, { kind: 'document.returned', data: { reason } });
    },
    async withdrawOpen(work, caseId) {
      for (const row of await documentsOfCase(work.tx, caseId)) {
        if (row.state === 'asked' || row.state === 'returned') await withdraw(work, row.id);
      }
    },

    async whose(documentId) {
      const row = await known(documentId);
      return { caseId: row.case_id, kioskId: row.kiosk_id };
    },

    async expects(documentId, uploadId) {
      const row = await known(documentId);
      if (await pageByUpload(database, documentId, uploadId)) return 'known';
      if (!nextDocument(row.state, 'capture')) throw new Refusal('wrong-state', 'no picture is asked for');
      return 'new';
    },

    async storePicture(bytes, upload) {
      const { jpeg, width, height } = await decoder.decode(bytes);
      const sha256 = createHash('sha256').update(jpeg).digest('hex');
      return { ...upload, sha256, file: await files.put(jpeg), width, height, bytes: jpeg.length };
    },

    async capture(work, documentId, picture) {
      const row = await lockDocument(work.tx, documentId);
      if (row && (await pageByUpload(work.tx, documentId, picture.uploadId))) return;
      await move(work, documentId, { event: 'capture', return_reason: null, return_note: null });
      const number = (await pagesOf(work.tx, [documentId])).length + 1;
      await insertPage(work.tx, {
        document_id: documentId,
        number,
        upload_id: picture.uploadId,
        uploaded_sha256: picture.uploadedSha256,
        sha256: picture.sha256,
        file: picture.file,
        width: picture.width,
        height: picture.height,
        bytes: picture.bytes,
        captured_at: work.now,
      });
      if (row)
        record(work, row, {
          kind: 'document.captured',
          data: { page: number, sha256: picture.sha256, bytes: picture.bytes },
        });
    },

    async page(works, viewer, { documentId, number }) {
      const row = await known(documentId);
      const page = await pageByNumber(database, documentId, number);
      if (!page) throw new Refusal('not-found', 'no such page');
      const actor =
        'staffId' in viewer
          ? { kind: 'staff' as const, id: viewer.staffId }
          : { kind: 'kiosk' as const, id: viewer.kioskId };
      const plain = await files.get(page.file);
      await works.change(actor, async (work) => record(work, row, { kind: 'document.viewed', data: { page: number } }));
      return plain;
    },

    async ofCase(caseId) {
      const rows = await documentsOfCase(database, caseId);
      const pages =
        rows.length > 0
          ? await pagesOf(
              database,
              rows.map((row) => row.id),
            )
          : [];
      return rows.map((row) => ({
        documentId: row.id as DocumentId,
        caseId: row.case_id as CaseId,
        kind: row.kind,
        camera: row.camera,
        askedAt: row.asked_at,
        state: stateOf(row),
        pages: pages.filter((page) => page.document_id === row.id).map(pageView),
      }));
    },

    async sweep(now) {
      const old = await files.older(now - ORPHAN_AFTER_MS);
      if (old.length === 0) return 0;
      const needed = new Set((await neededFiles(database, old)).map((row) => row.file));
      const orphans = old.filter((name) => !needed.has(name));
      for (const name of orphans) await files.remove(name);
      return orphans.length;
    },
    close: () => decoder.close(),
  };
}
