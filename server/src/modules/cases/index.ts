import type { CaseId, DeskCase, KioskCase, Language, Print, Service } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Keys } from '../../kernel/crypto.ts';
import type { Work } from '../../kernel/work.ts';
import type { CloseReason } from './case-state.ts';
import { createCaseViews, type KnownValue } from './case-views.ts';
import { createCases } from './cases.ts';

export type { CloseReason } from './case-state.ts';
export type { KnownValue } from './case-views.ts';

/** What cases need of the service catalogue. */
export type ServicesNeeded = { get(id: string): Service };
export type CasesNeeds = { database: Database; keys: Keys; services: ServicesNeeded };

/** What others must know of a case to act on it. */
export type CaseBrief = {
  caseId: CaseId;
  kioskId: string;
  serviceId: string;
  language: Language;
  print: Print;
  at: KioskCase['at'];
};

/**
 * The cases. Every change runs inside the `work` it is given, locks its case, and refuses with `not-found` (no such
 * case, or another kiosk's), `wrong-state` (not from where the case is) or `invalid-value`.
 */
export type Cases = {
  start(work: Work, wish: { kioskId: string; serviceId: string; language: Language; print: Print }): Promise<CaseBrief>;
  /** The kiosk's own case, or `not-found`: a kiosk can't reach another's. */
  ofKiosk(work: Work, kioskId: string, caseId: string): Promise<CaseBrief>;
  openOfKiosk(work: Work, kioskId: string): Promise<CaseBrief | null>;
  brief(work: Work, caseId: string): Promise<CaseBrief>;
  present(work: Work, caseId: string, wish: { language: Language; print: Print }): Promise<void>;
  consent(work: Work, caseId: string, version: string): Promise<void>;
  fill(work: Work, caseId: string, entry: { name: string; value: string; by: string }): Promise<void>;
  joinQueue(work: Work, caseId: string): Promise<void>;
  leaveQueue(work: Work, caseId: string): Promise<void>;
  serve(work: Work, caseId: string): Promise<void>;
  tick(work: Work, caseId: string, entry: { step: string; done: boolean; staffId: string }): Promise<void>;
  reveal(work: Work, caseId: string, wish: { name: string; reason: string }): Promise<string>;
  propose(work: Work, caseId: string, summary: string): Promise<void>;
  answer(work: Work, caseId: string, agreed: boolean): Promise<void>;
  /** The call is over. Served: to the rating. Not (it broke early): back to the form, nothing lost. A closed case stays closed. */
  callEnded(work: Work, caseId: string, served: boolean): Promise<void>;
  rate(work: Work, caseId: string, stars: number | null): Promise<void>;
  /** Closes; closing a closed case does nothing. */
  close(work: Work, caseId: string, reason: CloseReason): Promise<void>;
  /** A kiosk's line went down; null: every kiosk's, at the start of the process. */
  kioskAbsent(work: Work, kioskId: string | null): Promise<void>;
  kioskReturned(work: Work, kioskId: string): Promise<void>;
  /** Closes cases that wait for a customer whose kiosk has been away too long: the next one must not see them. */
  giveUpAbsent(work: Work): Promise<void>;
  kioskView(kioskId: string): Promise<KioskCase | null>;
  deskView(caseId: string): Promise<DeskCase | null>;
  /** Labels and masked values, for the offer that rings. */
  known(caseId: string): Promise<KnownValue[]>;
};

export const casesSchema = { schema: 'cases', dir: new URL('./migrations/', import.meta.url) };

export function openCases(needs: CasesNeeds): Cases {
  return { ...createCases(needs), ...createCaseViews(needs) };
}
