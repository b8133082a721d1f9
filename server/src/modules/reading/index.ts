import type { DocumentKind, SuggestionName } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { Found } from './parse/index.ts';
import { createReading } from './reading.ts';

export type { Found } from './parse/index.ts';

export type ReadingFact = {
  kind: 'reading.read' | 'reading.unreadable' | 'reading.accepted' | 'reading.revealed';
  about: { documentId: string; caseId: string; kioskId: string };
  data?: Record<string, string | number | boolean | null>;
};
export type PageOf = { documentId: string; page: number };
/** A page that this process reads now. */
export type ClaimedPage = PageOf & { caseId: string; kind: DocumentKind; tries: number };
/** What is known of a page; `found` in plain, for whoever may see it. */
export type ReadPage = PageOf & {
  caseId: string;
  kind: DocumentKind;
  at: 'waiting' | 'read' | 'unreadable';
  since: number;
  found: Found[];
  accepted: SuggestionName[];
};

/** Pages of known kinds, read by machine. What was found is personal and nothing of it is part of a case. */
export type PageReading = {
  /** The pages are to be read, if anything is looked for on their kind. The same ones again: nothing. */
  expect(
    work: Work,
    pages: { documentId: string; caseId: string; kind: DocumentKind; numbers: number[] },
  ): Promise<void>;
  /** The page that waits longest, claimed for a minute; null: none waits. */
  claim(work: Work): Promise<ClaimedPage | null>;
  /** Reads a picture; throws when it can't be read at all. An empty answer: nothing of its kind is on it. */
  read(kind: DocumentKind, jpeg: Uint8Array): Promise<Found[]>;
  /** `found` empty: not readable. */
  keep(work: Work, page: ClaimedPage, result: { found: Found[]; kioskId: string; ms: number }): Promise<void>;
  /** Reading it failed: it is tried once more, then it is not readable. */
  failed(work: Work, page: ClaimedPage, kioskId: string): Promise<void>;
  /** Its picture could not be had just now: it is read later, and this was no try. */
  putOff(work: Work, page: ClaimedPage): Promise<void>;
  ofCase(caseId: string): Promise<ReadPage[]>;
  /** One page, locked until the change is done; `not-found`. */
  lock(work: Work, page: PageOf): Promise<ReadPage>;
  /** These were put into the form. */
  accepted(work: Work, page: ReadPage, taken: { names: SuggestionName[]; kioskId: string }): Promise<void>;
  /** Somebody looked at a masked one, for this reason. */
  revealed(work: Work, page: ReadPage, look: { name: SuggestionName; reason: string; kioskId: string }): Promise<void>;
  /** What another process began and did not finish is read anew, now. For a process that is alone. */
  release(work: Work): Promise<void>;
  /** What was read before `before` is forgotten; the pictures stay. */
  forgetBefore(work: Work, before: number): Promise<void>;
  close(): void;
};

export const readingSchema = { schema: 'reading', dir: new URL('./migrations/', import.meta.url) };

export const openReading = (needs: { database: Database; keys: Keys; engine?: Engine }): PageReading =>
  createReading({ ...needs, engine: needs.engine ?? createEngine() });
