import type { Countersigner, Language, PaperTemplate, PaperText, PaperView, Signature } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { openFiles, type FileStore } from '../../kernel/files/index.ts';
import type { Work, Works } from '../../kernel/work.ts';
import { openSealCertificate } from './seal-certificate.ts';
import { createSigning } from './signing.ts';
import { createStamp } from './time-stamp.ts';

export { fillPaper } from './fill.ts';
export { verifyPdf, type Finding } from './verify-pdf.ts';

export type PaperFact = {
  kind:
    | 'paper.made'
    | 'paper.shown'
    | 'paper.read'
    | 'paper.signed'
    | 'paper.signed-anew'
    | 'paper.confirmed'
    | 'paper.countersigned'
    | 'paper.sealed'
    | 'paper.not-stamped'
    | 'paper.refused'
    | 'paper.withdrawn'
    | 'paper.viewed';
  /** `staffId`: whose desk it was made at. */
  about: { paperId: string; caseId: string; kioskId: string; branchId: string; staffId?: string };
  data?: Record<string, string | number | boolean | null>;
};

/** Which of a paper's files: as it was read, with the signature on it, or sealed. */
export type PaperFile = 'read' | 'signed' | 'sealed';

/** What a paper says: a template of a service, and what stands in its gaps. */
export type PaperWords = { template: PaperTemplate; language: Language; fillings: ReadonlyMap<string, string> };

/**
 * Papers made from templates, read, signed, countersigned and sealed; files encrypted in the store. Every change locks its
 * paper. Refusals: `not-found`, `wrong-state` (not from where it is), `conflict` (another than the one that was shown),
 * `invalid-value` (no signature).
 */
export type Signing = {
  /** Makes a paper; an open one of the same template is withdrawn. */
  make(
    work: Work,
    wish: PaperWords & { caseId: string; kioskId: string; branchId: string; staffId: string },
  ): Promise<string>;
  /** Makes the receipt of a case, which is sealed as it is; the same case again: the same receipt. */
  makeReceipt(
    work: Work,
    wish: { caseId: string; kioskId: string; branchId: string; language: Language; text: PaperText },
  ): Promise<void>;
  progress(work: Work, paperId: string, seen: { sha256: string; furthest: number }): Promise<void>;
  readAloud(work: Work, paperId: string, seen: { sha256: string; staffId: string }): Promise<void>;
  /** `words`: what the paper would say by now; anything else than when it was made is a `conflict`. */
  sign(work: Work, paperId: string, act: { sha256: string; signature: Signature; words: PaperWords }): Promise<void>;
  anew(work: Work, paperId: string): Promise<void>;
  confirm(work: Work, paperId: string, seen: { sha256: string; words: PaperWords }): Promise<void>;
  refuse(work: Work, paperId: string): Promise<void>;
  withdraw(work: Work, paperId: string): Promise<void>;
  withdrawOpen(work: Work, caseId: string): Promise<void>;
  countersign(
    work: Work,
    paperId: string,
    by: { sha256: string; as: Countersigner; staffId: string; name: string },
  ): Promise<void>;
  /** Case, branch and template of a paper, and whose names it waits for; `not-found`. */
  whose(
    paperId: string,
  ): Promise<{ caseId: string; branchId: string; template: string | null; waitsFor: Countersigner[] }>;
  /** A paper's PDF; journalled as a look. */
  pdf(
    works: Works,
    viewer: { staffId: string } | { kioskId: string },
    wish: { paperId: string; file: PaperFile },
  ): Promise<Uint8Array>;
  /** The sealed PDF, whoever takes it: whoever hands it out journals that. */
  sealedPdf(paperId: string): Promise<Uint8Array>;
  ofCase(caseId: string): Promise<PaperView[]>;
  /** Those signed at this branch that wait for a name of this role, each with its kiosk. */
  waitingAt(branchId: string, as: Countersigner): Promise<{ kioskId: string; paper: PaperView }[]>;
  /** Seals one that is due, outside of any transaction; false: none is. */
  sealNext(works: Works): Promise<boolean>;
  /** Removes files older than ten minutes that no paper refers to. */
  sweep(): Promise<number>;
};

export const signingSchema = { schema: 'signing', dir: new URL('./migrations/', import.meta.url) };

export async function openSigning(needs: {
  database: Database;
  keys: Keys;
  store: FileStore;
  keyFolder: string;
  /** null: a certificate made here. */
  seal: { certFile: string; keyFile: string } | null;
  /** The time-stamp authority; null: none. */
  timeStampUrl: string | null;
}): Promise<Signing> {
  const { database, keys, store, keyFolder, seal, timeStampUrl } = needs;
  return createSigning({
    database,
    keys,
    files: await openFiles({ store, keyFolder }),
    certificate: await openSealCertificate({ folder: keyFolder, configured: seal }),
    stamp: timeStampUrl ? createStamp({ url: timeStampUrl }) : null,
  });
}
export { SealCertificateUnusable } from './seal-certificate.ts';
