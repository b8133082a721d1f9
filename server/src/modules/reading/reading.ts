import { READ_ON, type Box, type SuggestionName } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { Engine, Turn } from './engine/engine.ts';
import type { PageReading, ReadingFact, ReadPage } from './index.ts';
import { parsePage, type Found } from './parse/index.ts';
import {
  claimPage,
  forgetReadBefore,
  insertPages,
  lockPage,
  pagesOfCase,
  releaseClaims,
  setAccepted,
  updatePage,
  type PageRow,
} from './reading.store.ts';

/** Twice what the slowest page may take, in every turn. */
const CLAIM_MS = 12 * 60_000;
const MOST_TRIES = 2;

const sealContext = (documentId: string, page: number) => `reading:${documentId}:${page}`;

/** See `PageReading` for each one's contract. */
export function createReading({
  database,
  keys,
  engine,
}: {
  database: Database;
  keys: Keys;
  engine: Engine;
}): PageReading {
  const record = (
    work: Work,
    page: { documentId: string; caseId: string },
    what: Omit<ReadingFact, 'about'> & { kioskId: string },
  ) => {
    const { kioskId, ...rest } = what;
    const fact: ReadingFact = { ...rest, about: { documentId: page.documentId, caseId: page.caseId, kioskId } };
    work.record(fact);
  };
  const view = (row: PageRow): ReadPage => ({
    documentId: row.document_id,
    page: row.number,
    caseId: row.case_id,
    kind: row.kind,
    at: row.state,
    since: row.since,
    found: row.sealed
      ? (JSON.parse(keys.unseal(row.sealed, sealContext(row.document_id, row.number)).open()) as Found[])
      : [],
    accepted: row.accepted as SuggestionName[],
  });
  const unreadable = async (
    work: Work,
    page: { documentId: string; caseId: string; page: number },
    kioskId: string,
  ) => {
    await updatePage(work.tx, page, { state: 'unreadable', since: work.now, claimed_until: 0 });
    record(work, page, { kind: 'reading.unreadable', data: { page: page.page }, kioskId });
  };

  return {
    async expect(work, { documentId, caseId, kind, numbers }) {
      if (!READ_ON[kind] || numbers.length === 0) return;
      await insertPages(
        work.tx,
        numbers.map((number) => ({
          document_id: documentId,
          number,
          case_id: caseId,
          kind,
          state: 'waiting' as const,
          since: work.now,
          sealed: null,
        })),
      );
    },

    async claim(work) {
      const row = await claimPage(work.tx, { now: work.now, until: work.now + CLAIM_MS });
      return (
        row && { documentId: row.document_id, page: row.number, caseId: row.case_id, kind: row.kind, tries: row.tries }
      );
    },

    async read(kind, jpeg) {
      for (const turn of [0, 180, 90, 270] satisfies Turn[]) {
        const { lines, ...size } = await engine.read(jpeg, turn);
        const found = parsePage(kind, lines).map((one) => ({ ...one, box: turnedBack(one.box, { ...size, turn }) }));
        // Labels that can be read are the right way up.
        if (found.length > 0) return found;
      }
      return [];
    },

    async keep(work, page, { found, kioskId, ms }) {
      const row = await lockPage(work.tx, page);
      if (row?.state !== 'waiting') return;
      if (found.length === 0) return unreadable(work, page, kioskId);
      const sealed = keys.seal(JSON.stringify(found), sealContext(page.documentId, page.page));
      await updatePage(work.tx, page, { state: 'read', since: work.now, sealed, claimed_until: 0 });
      const failing = found.filter(({ check }) => check === 'fails').length;
      record(work, page, {
        kind: 'reading.read',
        data: { page: page.page, found: found.length, failing, ms },
        kioskId,
      });
    },
    async failed(work, page, kioskId) {
      const row = await lockPage(work.tx, page);
      if (row?.state !== 'waiting') return;
      if (page.tries >= MOST_TRIES) return unreadable(work, page, kioskId);
      await updatePage(work.tx, page, { claimed_until: 0 });
    },

    async putOff(work, page) {
      const row = await lockPage(work.tx, page);
      if (row?.state === 'waiting') await updatePage(work.tx, page, { claimed_until: 0, tries: page.tries - 1 });
    },

    ofCase: async (caseId) => (await pagesOfCase(database, caseId)).map(view),
    async lock(work, page) {
      const row = await lockPage(work.tx, page);
      if (!row) throw new Refusal('not-found', 'no such page is read');
      return view(row);
    },
    async accepted(work, page, { names, kioskId }) {
      await setAccepted(work.tx, page, [...new Set([...page.accepted, ...names])]);
      for (const name of names)
        record(work, page, { kind: 'reading.accepted', data: { page: page.page, suggestion: name }, kioskId });
    },
    async revealed(work, page, { name, reason, kioskId }) {
      record(work, page, { kind: 'reading.revealed', data: { page: page.page, suggestion: name, reason }, kioskId });
    },
    release: async (work) => void (await releaseClaims(work.tx)),
    forgetBefore: async (work, before) => void (await forgetReadBefore(work.tx, before)),
    close: () => engine.close(),
  };
}

/** A place on a picture that was turned clockwise, on the picture as it was; `width` and `height` as it was turned. */
export function turnedBack(
  { left, top, width: wide, height: high }: Box,
  { width, height, turn }: { width: number; height: number; turn: Turn },
): Box {
  switch (turn) {
    case 90:
      return { left: top, top: width - left - wide, width: high, height: wide };
    case 180:
      return { left: width - left - wide, top: height - top - high, width: wide, height: high };
    case 270:
      return { left: height - top - high, top: left, width: high, height: wide };
    default:
      return { left, top, width: wide, height: high };
  }
}
