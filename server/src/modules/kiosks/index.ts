import type { BranchId, KioskId, KioskKind, KioskReaders, KioskView, PrinterVia, Text } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createKiosks } from './kiosks.ts';
import type { PublicKey } from './kiosks.store.ts';

/** The enrolled devices and their branches. */
export type Kiosks = {
  addBranch(work: Work, branch: { id: string; name: Text }): Promise<void>;
  /** A kiosk with an enrolment code. `expiresAt` null and `reusable`: only for a demonstration. `not-found` for an unknown branch. */
  add(
    work: Work,
    kiosk: {
      id?: string;
      name: string;
      branchId: string;
      kind?: KioskKind;
      readers?: KioskReaders;
      printer?: PrinterVia;
      code?: { text: string; reusable: true };
    },
  ): Promise<{ kioskId: string; code: string; expiresAt: number }>;
  /** Spends the code; `expired` when it does not hold (any more), `bad-request` for what is no key. The caller opens the session that `openSession` asks for. */
  enrol(
    work: Work,
    wish: { code: string; publicKey: PublicKey },
    openSession: (kioskId: string) => Promise<string>,
  ): Promise<KioskView>;
  /** A customer's phone enrols itself, at a branch or at the only one there is; `not-found` for another. */
  visit(
    work: Work,
    wish: { branchId?: string | undefined; publicKey: PublicKey },
    openSession: (kioskId: string) => Promise<string>,
  ): Promise<KioskView>;
  /** What the kiosk reads cards with; `not-found` for an unknown one. */
  setReaders(work: Work, kioskId: string, readers: KioskReaders): Promise<void>;
  /** What the kiosk prints with; `not-found` for an unknown one. */
  setPrinter(work: Work, kioskId: string, printer: PrinterVia): Promise<void>;
  /** A nonce for an enrolled kiosk to sign; lives a minute, works once. */
  challenge(work: Work, kioskId: string): Promise<string>;
  /** The session id that a right signature opens. `wrong-credentials` for anything else. */
  prove(work: Work, proof: { kioskId: string; challenge: string; signature: string }): Promise<string>;
  /** Every branch there is. */
  branches(): Promise<{ branchId: BranchId; name: Text }[]>;
  /** A branch's name. */
  branch(id: string): Promise<Text | null>;
  view(id: string): Promise<KioskView | null>;
  /** Its enrolled kiosks, by name; no customers' phones. */
  ofBranch(branchId: string): Promise<{ kioskId: KioskId; name: string }[]>;
};

export const kiosksSchema = { schema: 'kiosks', dir: new URL('./migrations/', import.meta.url) };
export const openKiosks = (needs: { database: Database }): Kiosks => createKiosks(needs);
