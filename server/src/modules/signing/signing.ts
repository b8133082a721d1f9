import { randomUUID } from 'node:crypto';
import { signatureFault, type CaseId, type PaperId, type PaperText, type PaperView } from '@openvtm/protocol';
import { Signature } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Files } from '../../kernel/files/index.ts';
import type { Work } from '../../kernel/work.ts';
import { fillPaper } from './fill.ts';
import type { PaperFact, Signing } from './index.ts';
import { columnsOf, digestOf, numberOf, penContext, stateOf, wordsContext } from './paper-row.ts';
import { nextPaper, type PaperEvent, type PaperState } from './paper-state.ts';
import { printPaper, type Countersigned, type Print } from './print-paper.ts';
import type { SealCertificate } from './seal-certificate.ts';
import { sealPdf, type Stamp } from './seal.ts';
import {
  countersignaturesOf,
  insertCountersignature,
  insertPaper,
  lockPaper,
  neededFiles,
  openPapersOfCase,
  paperById,
  papersOfCase,
  papersWaiting,
  takeDue,
  updatePaper,
  type PaperRow,
} from './signing.store.ts';
import { StampMissing } from './time-stamp.ts';

const ORPHAN_AFTER_MS = 10 * 60_000;
/** Longer than printing, the authority's answer and the disk together may take. */
const LEASE_MS = 30_000;

type Needs = {
  database: Database;
  keys: Keys;
  files: Files;
  certificate: SealCertificate;
  stamp: Stamp;
};
type Extra = Omit<PaperFact, 'about' | 'kind'>;

/** See `Signing` for each one's contract. */
export function createSigning({ database, keys, files, certificate, stamp }: Needs): Signing {
  const record = (work: Work, row: PaperRow, kind: PaperFact['kind'], extra: Extra = {}) => {
    const { id: paperId, case_id: caseId, kiosk_id: kioskId, branch_id: branchId, made_by: staffId } = row;
    const about = { paperId, caseId, kioskId, branchId, ...(staffId ? { staffId } : {}) };
    const fact: PaperFact = { kind, about, ...extra };
    work.record(fact);
  };
  const locked = async (work: Work, paperId: string) => {
    const row = await lockPaper(work.tx, paperId);
    if (!row) throw new Refusal('not-found', 'no such paper');
    return row;
  };
  const step = (row: PaperRow, event: PaperEvent, now: number) => {
    const state = nextPaper(stateOf(row), event, now);
    if (!state) throw new Refusal('wrong-state', `${event.is} does not follow ${row.at}`);
    return state;
  };
  const move = async (
    work: Work,
    row: PaperRow,
    { event, ...set }: { event: PaperEvent } & Partial<PaperRow>,
  ): Promise<PaperState> => {
    const state = step(row, event, work.now);
    await updatePaper(work.tx, row.id, { ...columnsOf(state, work.now), ...set });
    return state;
  };
  /** What somebody acts on is what is there, or nothing happens. */
  const mustBe = (shown: string, there: string | null) => {
    if (shown !== there) throw new Refusal('conflict', 'the paper is another than the one that was shown');
  };
  const wordsOf = (row: PaperRow) => JSON.parse(keys.unseal(row.words, wordsContext(row.id)).open()) as PaperText;
  const mustStillSay = (row: PaperRow, words: Parameters<Signing['sign']>[2]['words']) => {
    const now = fillPaper(words.template, { language: row.language, fillings: words.fillings });
    if (JSON.stringify(now) !== JSON.stringify(wordsOf(row)))
      throw new Refusal('conflict', 'what it says was changed since it was made');
  };

  const printOf = (row: PaperRow): Print => ({
    text: wordsOf(row),
    language: row.language,
    number: numberOf(row.id),
    madeAt: row.made_at,
  });
  /** The paper with the signature on it, and the names below that are there by now. */
  const printSigned = (row: PaperRow, pen: { text: string; at: number }, countersigned: readonly Countersigned[]) =>
    printPaper({
      ...printOf(row),
      signed: {
        signature: Signature.parse(JSON.parse(pen.text)),
        at: pen.at,
        paperSha256: row.sha256,
        signatureSha256: digestOf(Buffer.from(pen.text)),
      },
      countersigned,
    });
  const namesUnder = async (paperIds: string[]) =>
    (await countersignaturesOf(database, paperIds)).map(({ paper_id, as_role, name, at }) => ({
      paperId: paper_id,
      as: as_role,
      name,
      at,
    }));

  const insert = async (
    work: Work,
    wish: Pick<
      PaperRow,
      'case_id' | 'kiosk_id' | 'branch_id' | 'kind' | 'template' | 'made_by' | 'language' | 'countersign'
    >,
    text: PaperText,
  ) => {
    const id = randomUUID();
    const { pdf, pages } = await printPaper({
      text,
      language: wish.language,
      number: numberOf(id),
      madeAt: work.now,
    });
    const row: PaperRow = {
      ...wish,
      id,
      made_at: work.now,
      words: keys.seal(JSON.stringify(text), wordsContext(id)),
      sha256: digestOf(pdf),
      file: await files.put(pdf),
      pages,
      at: wish.kind === 'receipt' ? 'sealing' : 'made',
      since: work.now,
      furthest: 0,
      read_how: null,
      signature: null,
      signature_sha256: null,
      signed_at: null,
      signed_file: null,
      signed_sha256: null,
      waits_for: wish.countersign,
      due_at: wish.kind === 'receipt' ? work.now : null,
      attempts: 0,
      sealed_file: null,
      sealed_sha256: null,
      stamped_at: null,
    };
    if (!(await insertPaper(work.tx, row))) return null;
    const { kind, template, sha256: hash } = row;
    record(work, row, 'paper.made', { data: { kind, template, sha256: hash, pages } });
    return row;
  };

  const views = async (rows: PaperRow[]): Promise<PaperView[]> => {
    const names = await namesUnder(rows.map(({ id }) => id));
    return rows.map((row) => {
      const state = stateOf(row);
      const text = wordsOf(row);
      return {
        paperId: row.id as PaperId,
        caseId: row.case_id as CaseId,
        kind: row.kind,
        template: row.template,
        title: text.title,
        language: row.language,
        madeAt: row.made_at,
        sha256: row.sha256,
        pages: row.pages,
        state: state.at === 'sealing' ? { at: 'sealing', since: state.since, attempts: state.attempts } : state,
        countersigned: names.filter(({ paperId }) => paperId === row.id).map(({ as, name, at }) => ({ as, name, at })),
        text: state.at === 'made' || state.at === 'shown' || state.at === 'read' ? text : null,
        kiosk: '',
      };
    });
  };

  const fileOf = (row: PaperRow, file: 'read' | 'signed' | 'sealed') => {
    const name = file === 'read' ? row.file : file === 'signed' ? row.signed_file : row.sealed_file;
    if (!name) throw new Refusal('not-found', `this paper has no ${file} file`);
    return files.get(name);
  };
  const known = async (paperId: string) => {
    const row = await paperById(database, paperId);
    if (!row) throw new Refusal('not-found', 'no such paper');
    return row;
  };

  return {
    async make(work, { template, language, fillings, caseId, kioskId, branchId, staffId }) {
      for (const open of await openPapersOfCase(work.tx, caseId)) {
        if (open.template !== template.id) continue;
        await move(work, open, { event: { is: 'withdraw' } });
        record(work, open, 'paper.withdrawn');
      }
      const text = fillPaper(template, { language, fillings });
      const row = await insert(
        work,
        {
          case_id: caseId,
          kiosk_id: kioskId,
          branch_id: branchId,
          kind: 'agreement',
          template: template.id,
          made_by: staffId,
          language,
          countersign: template.countersign,
        },
        text,
      );
      return row?.id ?? '';
    },

    async makeReceipt(work, { caseId, kioskId, branchId, language, text }) {
      const there = await papersOfCase(work.tx, caseId);
      if (there.some(({ kind }) => kind === 'receipt')) return;
      const place = { case_id: caseId, kiosk_id: kioskId, branch_id: branchId };
      const what = { kind: 'receipt' as const, template: null, made_by: null, countersign: [] };
      await insert(work, { ...place, ...what, language }, text);
    },

    async progress(work, paperId, { sha256: shown, furthest }) {
      const row = await locked(work, paperId);
      mustBe(shown, row.sha256);
      const before = stateOf(row);
      const after = await move(work, row, { event: { is: 'progress', furthest } });
      if (before.at === 'made') record(work, row, 'paper.shown', { data: { sha256: shown } });
      if (before.at !== 'read' && after.at === 'read')
        record(work, row, 'paper.read', { data: { sha256: shown, how: 'scrolled' } });
      else if (before.at === 'shown') record(work, row, 'paper.shown', { data: { furthest } });
    },

    async readAloud(work, paperId, { sha256: shown }) {
      const row = await locked(work, paperId);
      mustBe(shown, row.sha256);
      if (row.at === 'read') return;
      await move(work, row, { event: { is: 'read-aloud' } });
      record(work, row, 'paper.read', { data: { sha256: shown, how: 'aloud' } });
    },

    async sign(work, paperId, { sha256: shown, signature, words }) {
      const row = await locked(work, paperId);
      mustBe(shown, row.sha256);
      mustStillSay(row, words);
      if (row.at !== 'read') throw new Refusal('wrong-state', `sign does not follow ${row.at}`);
      if (signatureFault(signature)) throw new Refusal('invalid-value', 'what was drawn is too small for a signature');
      if (digestOf(await files.get(row.file)) !== row.sha256)
        throw new Error(`the file of paper ${row.id} was changed`);
      const pen = JSON.stringify(signature);
      const { pdf } = await printSigned(row, { text: pen, at: work.now }, []);
      const signatureSha256 = digestOf(Buffer.from(pen));
      const signedSha256 = digestOf(pdf);
      await move(work, row, {
        event: { is: 'sign', sha256: signedSha256 },
        signature: keys.seal(pen, penContext(row.id)),
        signature_sha256: signatureSha256,
        signed_at: work.now,
        signed_file: await files.put(pdf),
      });
      record(work, row, 'paper.signed', { data: { sha256: shown, signatureSha256, signedSha256 } });
    },

    async anew(work, paperId) {
      const row = await locked(work, paperId);
      // What was not confirmed is no evidence of anything, and is not kept.
      await move(work, row, {
        event: { is: 'anew' },
        read_how: row.read_how,
        signature: null,
        signature_sha256: null,
        signed_at: null,
        signed_file: null,
        signed_sha256: null,
      });
      record(work, row, 'paper.signed-anew', { data: { signatureSha256: row.signature_sha256 } });
    },

    async confirm(work, paperId, { sha256: shown, words }) {
      const row = await locked(work, paperId);
      mustBe(shown, row.signed_sha256);
      mustStillSay(row, words);
      await move(work, row, { event: { is: 'confirm', waitsFor: row.countersign } });
      record(work, row, 'paper.confirmed', { data: { sha256: row.sha256, signedSha256: shown } });
    },

    async refuse(work, paperId) {
      const row = await locked(work, paperId);
      await move(work, row, { event: { is: 'refuse' } });
      record(work, row, 'paper.refused', { data: { sha256: row.sha256 } });
    },
    async withdraw(work, paperId) {
      const row = await locked(work, paperId);
      await move(work, row, { event: { is: 'withdraw' } });
      record(work, row, 'paper.withdrawn');
    },
    async withdrawOpen(work, caseId) {
      for (const row of await openPapersOfCase(work.tx, caseId)) {
        await move(work, row, { event: { is: 'withdraw' } });
        record(work, row, 'paper.withdrawn');
      }
    },

    async countersign(work, paperId, { sha256: shown, as, staffId, name }) {
      const row = await locked(work, paperId);
      mustBe(shown, row.signed_sha256);
      await move(work, row, { event: { is: 'countersign', as } });
      await insertCountersignature(work.tx, { paper_id: row.id, as_role: as, staff_id: staffId, name, at: work.now });
      record(work, row, 'paper.countersigned', { data: { as, signedSha256: shown } });
    },

    async whose(paperId) {
      const { case_id: caseId, branch_id: branchId, template, at, waits_for } = await known(paperId);
      return { caseId, branchId, template, waitsFor: at === 'confirmed' ? waits_for : [] };
    },

    async pdf(works, viewer, { paperId, file }) {
      const row = await known(paperId);
      const bytes = await fileOf(row, file);
      const actor =
        'staffId' in viewer
          ? { kind: 'staff' as const, id: viewer.staffId }
          : { kind: 'kiosk' as const, id: viewer.kioskId };
      await works.change(actor, async (work) => record(work, row, 'paper.viewed', { data: { file } }));
      return bytes;
    },
    sealedPdf: async (paperId) => fileOf(await known(paperId), 'sealed'),

    ofCase: async (caseId) => views(await papersOfCase(database, caseId)),
    async waitingAt(branchId, as) {
      const rows = await papersWaiting(database, { branchId, as });
      const kiosks = new Map<string, string>(rows.map(({ id, kiosk_id: kioskId }) => [id, kioskId]));
      return (await views(rows)).map((paper) => ({ kioskId: kiosks.get(paper.paperId) ?? '', paper }));
    },

    async sealNext(works) {
      const row = await works.bySystem((work) => takeDue(work.tx, { now: work.now, until: work.now + LEASE_MS }));
      if (!row) return false;
      const names = (await namesUnder([row.id])).map(({ as, name, at }) => ({ as, name, at }));
      const pen = row.signature && keys.unseal(row.signature, penContext(row.id)).open();
      const { pdf } = pen
        ? await printSigned(row, { text: pen, at: row.signed_at ?? 0 }, names)
        : await printPaper(printOf(row));
      let sealed: Awaited<ReturnType<typeof sealPdf>>;
      try {
        sealed = await sealPdf(pdf, { certificate, stamp, at: row.since, reason: row.sha256 });
      } catch (error) {
        if (!(error instanceof StampMissing)) throw error;
        await works.bySystem(async (work) => {
          const now = await locked(work, row.id);
          if (now.at !== 'sealing' || now.attempts !== row.attempts) return;
          await move(work, now, { event: { is: 'not-stamped' } });
          record(work, now, 'paper.not-stamped', { data: { attempts: now.attempts + 1 } });
        });
        return true;
      }
      const file = await files.put(sealed.pdf);
      const hash = digestOf(sealed.pdf);
      await works.bySystem(async (work) => {
        const now = await locked(work, row.id);
        // Sealed by somebody else while this process was slow: that one stands, and this file is swept.
        if (now.at !== 'sealing') return;
        const { stampedAt } = sealed;
        await move(work, now, { event: { is: 'seal', sha256: hash, stampedAt }, sealed_file: file });
        record(work, now, 'paper.sealed', {
          data: { sha256: now.sha256, sealedSha256: hash, stamped: stampedAt !== null },
        });
      });
      return true;
    },

    async sweep() {
      const old = await files.older(ORPHAN_AFTER_MS);
      if (old.length === 0) return 0;
      const needed = new Set(await neededFiles(database, old));
      const orphans = old.filter((name) => !needed.has(name));
      for (const name of orphans) await files.remove(name);
      return orphans.length;
    },
  };
}
