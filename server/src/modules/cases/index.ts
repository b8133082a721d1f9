import type {
  CaseId,
  DeskCase,
  KioskCase,
  KioskKind,
  Language,
  PaperTemplate,
  Print,
  Service,
  ServiceCard,
  Step,
} from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Keys } from '../../kernel/crypto.ts';
import type { Work } from '../../kernel/work.ts';
import type { CloseReason } from './case-state.ts';
import { createAlone } from './alone.ts';
import { createDevices } from './devices.ts';
import { createKnown, type Known } from './known.ts';
import { createOrders } from './orders.ts';
import { createCorrections } from './corrections.ts';
import { createCaseViews, type KnownValue } from './case-views.ts';
import { createCases } from './cases.ts';
import { createPapers } from './papers.ts';

export type { CloseReason } from './case-state.ts';
export type { KnownValue } from './case-views.ts';
export type { AtBank } from './known.ts';

/** What cases need of the service catalogue. */
export type ServicesNeeded = { get(id: string): Service; offers(id: string): boolean };
export type CasesNeeds = { database: Database; keys: Keys; services: ServicesNeeded };

/** What others must know of a case to act on it. */
export type CaseBrief = {
  caseId: CaseId;
  kioskId: string;
  serviceId: string;
  language: Language;
  print: Print;
  at: KioskCase['at'];
  /** Since when it is there. */
  since: number;
  device: KioskKind;
  vip: boolean;
  /** The line of its device is up. */
  here: boolean;
};

/** A case whose customer is away for too long, at a branch's device or on the customer's phone. */
export type LeftCase = { caseId: string; deviceId: string; serviceId: string; onPhone: boolean };

type CaptureStep = Extract<Step, { kind: 'capture' }>;
export type CoreOrder = { operation: string; customerId: string; data: Record<string, string> };

/**
 * The cases. Every change runs inside the `work` it is given, locks its case, and refuses with `not-found` (no such
 * case, or another kiosk's), `wrong-state` (not from where the case is) or `invalid-value`.
 */
export type Cases = Known & {
  start(
    work: Work,
    wish: { kioskId: string; device?: KioskKind; serviceId: string; language: Language; print: Print },
  ): Promise<CaseBrief>;
  /**
   * The case goes on at another device. `provedStays` false: who stands there is proved anew. false: the case is not
   * with its customer alone any more.
   */
  moveTo(
    work: Work,
    caseId: string,
    to: { kioskId: string; device: KioskKind; provedStays: boolean },
  ): Promise<boolean>;
  /** What a capture step of the case's service wants photographed, null for any other step; `wrong-state` unless the customer is alone. */
  captureStep(work: Work, caseId: string, step: string): Promise<Pick<CaptureStep, 'document' | 'camera'> | null>;
  /** What who handed a case over may see of it. */
  followView(caseId: string): Promise<{
    kioskId: string;
    at: KioskCase['at'];
    since: number;
    service: Pick<ServiceCard, 'title' | 'icon'>;
    summary: string | null;
  } | null>;
  /** What the customer confirmed in the call, for the core; `wrong-state` when there is nothing to carry out (yet). */
  toOrder(
    work: Work,
    caseId: string,
  ): Promise<{ operation: string; data: Record<string, string>; who: { idNumber: string; name: string } }>;
  /**
   * What a paper of the service says of what the customer confirmed: its template, and the values as a person reads them.
   * `wrong-state` before the customer confirmed, `not-found` when there is no such paper for these values.
   */
  toSign(
    work: Work,
    caseId: string,
    template: string,
  ): Promise<{ template: PaperTemplate; language: Language; fillings: Map<string, string> }>;
  /** Where the customer is reached, and by what known, as far as the form says. */
  contacts(
    caseId: string,
  ): Promise<{ phone: string | null; email: string | null; idNumber: string | null; language: Language }>;
  /** It was ordered for this customer of the bank. */
  orderedFor(work: Work, caseId: string, order: { customerId: string; staffId: string }): Promise<void>;
  /** The kiosk's own case, or `not-found`: a kiosk can't reach another's. */
  ofKiosk(work: Work, kioskId: string, caseId: string): Promise<CaseBrief>;
  openOfKiosk(work: Work, kioskId: string): Promise<CaseBrief | null>;
  /** The same to look at only. */
  openAt(kioskId: string): Promise<Pick<CaseBrief, 'caseId' | 'serviceId' | 'at' | 'since'> | null>;
  brief(work: Work, caseId: string): Promise<CaseBrief>;
  present(work: Work, caseId: string, wish: { language: Language; print: Print }): Promise<void>;
  consent(work: Work, caseId: string, version: string): Promise<void>;
  /**
   * `origin`: without it, typed by the customer. `conflict` if the value was changed after `seen`; without it, if an
   * agent's change waits for the customer's word. Tells the revision of what it saved.
   */
  fill(
    work: Work,
    caseId: string,
    entry: { name: string; value: string; by: string; origin?: 'customer' | 'reader'; seen?: number | undefined },
  ): Promise<number>;
  /** The customer alone leaves a step behind; `confirms` is the text that was agreed to. After the last one: to the rating. */
  pass(work: Work, caseId: string, wish: { step: string; confirms?: string | undefined }): Promise<void>;
  /** The answers of a risk assessment, by their places. */
  assess(work: Work, caseId: string, wish: { step: string; answers: readonly number[] }): Promise<void>;
  /** One step back, or to the answers that stopped the service. */
  back(work: Work, caseId: string): Promise<void>;
  /** What the bank finds the customer by; `wrong-state` unless the case stands at this step, to be identified by a code. */
  toIdentify(work: Work, caseId: string, step: string): Promise<{ idNumber: string; name: string; language: Language }>;
  /** The customer was proved to be this one of the bank's. */
  identified(work: Work, caseId: string, proof: { step: string; customerId: string; vip: boolean }): Promise<void>;
  /** What is to be carried out by the bank's core now, if the case stands there. */
  toCarryOut(work: Work, caseId: string): Promise<CoreOrder | null>;
  /** The core did it. A case that no longer stands there stays as it is. */
  carriedOut(work: Work, caseId: string, operation: string): Promise<void>;
  joinQueue(work: Work, caseId: string): Promise<void>;
  leaveQueue(work: Work, caseId: string): Promise<void>;
  serve(work: Work, caseId: string): Promise<void>;
  tick(work: Work, caseId: string, entry: { step: string; done: boolean; staffId: string }): Promise<void>;
  reveal(work: Work, caseId: string, wish: { name: string; reason: string }): Promise<string>;
  /**
   * An agent changes a value in the call; it waits for the customer's word. The same value again: nothing. `conflict` if
   * it was changed after `seen`. `origin`: typed by the agent, if nothing is said. Tells the value's revision.
   */
  correct(
    work: Work,
    caseId: string,
    entry: { name: string; value: string; seen: number; staffId: string; origin?: 'agent' | 'ocr' },
  ): Promise<number>;
  /** The customer's word on what was seen of it: it stays, or the customer's own value comes back. */
  settle(work: Work, caseId: string, answer: { name: string; agreed: boolean; seen: number }): Promise<void>;
  /** The call is over: what the customer did not confirm is not kept. */
  takeBackCorrections(work: Work, caseId: string): Promise<void>;
  propose(work: Work, caseId: string, summary: string): Promise<void>;
  answer(work: Work, caseId: string, agreed: boolean): Promise<void>;
  /** The call is over. Served: to the rating. Not (it broke early): back to the form, nothing lost. A closed case stays closed. */
  callEnded(work: Work, caseId: string, served: boolean): Promise<void>;
  /** The agent passed the customer on: the case waits again. */
  passedOn(work: Work, caseId: string): Promise<void>;
  rate(work: Work, caseId: string, stars: number | null): Promise<void>;
  /** Closes; closing a closed case does nothing. */
  close(work: Work, caseId: string, reason: CloseReason): Promise<void>;
  /** A kiosk's line went down; null: every kiosk's, at the start of the process. */
  kioskAbsent(work: Work, kioskId: string | null): Promise<void>;
  kioskReturned(work: Work, kioskId: string): Promise<void>;
  /**
   * Closes cases that wait for a customer whose kiosk has been away too long: the next one must not see them. `awaited`
   * says which of them are waited for all the same, and puts by those at a kiosk.
   */
  giveUpAbsent(work: Work, awaited: (left: readonly LeftCase[]) => Promise<ReadonlySet<string>>): Promise<void>;
  kioskView(kioskId: string): Promise<KioskCase | null>;
  deskView(caseId: string): Promise<DeskCase | null>;
  /** Those of these cases that are closed. */
  closedAmong(caseIds: readonly string[]): Promise<string[]>;
  /** Where an open case is; null: nowhere any more. */
  kioskOf(caseId: string): Promise<string | null>;
  /** All values in plain, for a comparison on the server that shows none of them. */
  plainValues(caseId: string): Promise<{ serviceId: string; values: Map<string, string> } | null>;
  /** Labels and masked values, for the offer that rings. */
  known(caseId: string): Promise<KnownValue[]>;
};

export const casesSchema = { schema: 'cases', dir: new URL('./migrations/', import.meta.url) };

export function openCases(needs: CasesNeeds): Cases {
  return {
    ...createCases(needs),
    ...createAlone(needs),
    ...createCorrections(needs),
    ...createDevices(needs),
    ...createOrders(needs),
    ...createPapers(needs),
    ...createKnown(needs),
    ...createCaseViews(needs),
  };
}
