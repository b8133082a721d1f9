import { randomUUID } from 'node:crypto';
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
  lockDocument,
  lockDocumentsOfCase,
  moveDocuments,
  openDocumentOfKind,
  pageByNumber,
  pagesOf,
  updateDocument,
  updateMasks,
  uploadsOf,
  type DocumentRow,
  type PageRow,
} from './documents.store.ts';
import type { Files } from '../../kernel/files/index.ts';
import type { DocumentBrief, DocumentFact, Documents } from './index.ts';
import { createUploads } from './uploads.ts';

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

  const done = async (work: Work, documentId: string) => {
    record(work, await move(work, documentId, { event: 'done' }), { kind: 'document.captured' });
  };

  const stateOf = (row: DocumentRow): DocumentView['state'] => {
    if (row.state === 'asked') return { at: 'asked' };
    if (row.state !== 'returned') return { at: row.state, since: row.since };
    const note = row.return_note ? keys.unseal(row.return_note, noteContext(row.id)).open() : '';
    return { at: 'returned', since: row.since, reason: row.return_reason ?? 'other', note };
  };

  const briefOf = (row: DocumentRow): DocumentBrief => ({
    documentId: row.id,
    caseId: row.case_id,
    kind: row.kind,
    at: row.state,
    round: row.round,
    askedBy: row.asked_by,
    reviewedBy: row.reviewed_by,
  });

  const pageView = (page: PageRow) => ({
    number: page.number,
    round: page.round,
    width: page.straight_width ?? page.width,
    height: page.straight_height ?? page.height,
    bytes: page.straight_bytes ?? page.bytes,
    sha256: page.straight_sha256 ?? page.sha256,
    capturedAt: page.captured_at,
    straightened: page.straight_file !== null,
    taken: { width: page.width, height: page.height },
    masks: page.masks,
  });

  const uploads = createUploads({ database, files, decoder, move, record });

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
        round: 1,
      };
      await insertDocument(work.tx, row);
      decoder.warm();
      record(work, row, { kind: 'document.asked', data: { document: kind, camera } });
      return row.id;
    },

    withdraw,
    done,
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
      const row = await move(work, documentId, { event: 'accept', reviewed_by: staffId });
      record(work, row, { kind: 'document.accepted' });
    },
    async acceptFirst(work, documentId, staffId) {
      const row = await move(work, documentId, { event: 'accept-first', reviewed_by: staffId });
      record(work, row, { kind: 'document.accepted-first' });
    },
    async sendBack(work, documentId, { staffId, reason, note }) {
      const sealed = note ? keys.seal(note, noteContext(documentId)) : null;
      const row = await move(work, documentId, {
        event: 'return',
        reviewed_by: staffId,
        return_reason: reason,
        return_note: sealed,
      });
      await updateDocument(work.tx, row.id, { round: row.round + 1 });
      record(work, row, { kind: 'document.returned', data: { reason } });
    },
    async withdrawOpen(work, caseId) {
      for (const row of await documentsOfCase(work.tx, caseId)) {
        if (row.state === 'asked' || row.state === 'returned') await withdraw(work, row.id);
        if (row.state === 'collecting') await done(work, row.id);
      }
    },

    async locked(work, documentId) {
      const row = await lockDocument(work.tx, documentId);
      if (!row) throw new Refusal('not-found', 'no such document');
      return briefOf(row);
    },
    lockedOfCase: async (work, caseId) => (await lockDocumentsOfCase(work.tx, caseId)).map(briefOf),

    async whose(documentId) {
      const row = await known(documentId);
      return { caseId: row.case_id, kioskId: row.kiosk_id, kind: row.kind };
    },

    ...uploads,

    hasPage: async ({ documentId, number }) => Boolean(await pageByNumber(database, documentId, number)),
    async mask(work, { documentId, number }, areas) {
      const row = await lockDocument(work.tx, documentId);
      if (!row || !(await updateMasks(work.tx, { documentId, number }, areas)))
        throw new Refusal('not-found', 'no such page');
      record(work, row, { kind: 'document.masked', data: { page: number, areas: areas.length } });
    },

    async page(works, viewer, { documentId, number, shape, why }) {
      const row = await known(documentId);
      const page = await pageByNumber(database, documentId, number);
      if (!page) throw new Refusal('not-found', 'no such page');
      const best = page.straight_file ?? page.file;
      const masks = 'staffId' in viewer && viewer.masked ? page.masks : [];
      if (shape === 'thumbnail') {
        const small = await files.get(page.thumbnail_file ?? best);
        return masks.length > 0 ? decoder.draw({ jpeg: small, masks, stamp: null }) : small;
      }
      if (masks.length > 0 && shape === 'taken' && page.straight_file)
        throw new Refusal('not-allowed', 'covered areas are known of the straightened picture only');
      const actor =
        'staffId' in viewer
          ? { kind: 'staff' as const, id: viewer.staffId }
          : { kind: 'kiosk' as const, id: viewer.kioskId };
      const data = { page: number, shape, why, masked: masks.length > 0 };
      // Both at once, and nothing is shown before the look is written down.
      const [plain] = await Promise.all([
        files
          .get(shape === 'taken' ? page.file : best)
          .then((jpeg) => ('staffId' in viewer ? decoder.draw({ jpeg, masks, stamp: viewer.stamp }) : jpeg)),
        works.change(actor, async (work) => record(work, row, { kind: 'document.viewed', data })),
      ]);
      return plain;
    },

    async picture(documentId, number) {
      const page = await pageByNumber(database, documentId, number);
      if (!page) throw new Refusal('not-found', 'no such page');
      return files.get(page.straight_file ?? page.file);
    },

    async ofCase(caseId) {
      const rows = await documentsOfCase(database, caseId);
      if (rows.length === 0) return [];
      const ids = rows.map((row) => row.id);
      const [pages, begun] = await Promise.all([pagesOf(database, ids), uploadsOf(database, ids)]);
      return rows.map((row) => ({
        documentId: row.id as DocumentId,
        caseId: row.case_id as CaseId,
        kind: row.kind,
        camera: row.camera,
        askedAt: row.asked_at,
        state: stateOf(row),
        pages: pages.filter((page) => page.document_id === row.id).map(pageView),
        arriving: nextDocument(row.state, 'page')
          ? uploads.arrivingOf(
              begun.filter((upload) => upload.document_id === row.id),
              row.id,
            )
          : null,
      }));
    },
    close: () => decoder.close(),
  };
}
