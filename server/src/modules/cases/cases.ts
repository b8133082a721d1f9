import { randomUUID } from 'node:crypto';
import { fieldsOf, problemOf, tidyValue, type CaseId } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { nextCase, wayOf, type CaseEvent } from './case-state.ts';
import { standingOf, stepsFrom } from './step-engine.ts';
import type { CaseFact } from './cases-facts.ts';
import {
  casesAbsentSince,
  insertCase,
  lockCase,
  lockOpenCaseOfKiosk,
  nextRevision,
  NOTHING_BEFORE,
  removeStepsDone,
  removeValue,
  saveStepDone,
  saveValue,
  setCaseAbsence,
  updateCase,
  unsettledValuesOf,
  updateCaseFrom,
  valuesOf,
  type CaseRow,
  type ValueRow,
} from './cases.store.ts';
import type { CaseBrief, Cases, CasesNeeds } from './index.ts';
import type { Known } from './known.ts';

/** ms that a kiosk's line may be down before a case that waits for its customer alone is closed. */
const ABSENCE_MS = 90_000;
/** What was begun on a phone waits for its customer's way to the branch: ms of a week. */
const PHONE_ABSENCE_MS = 7 * 24 * 3_600_000;
/** Where only the customer acts: the queue and the call look after their own. */
const ALONE: CaseRow['at'][] = ['consent', 'alone', 'rating'];

type Changes = Omit<
  Cases,
  | 'kioskView'
  | 'deskView'
  | 'kioskOf'
  | 'known'
  | 'plainValues'
  | 'pass'
  | 'assess'
  | 'back'
  | 'toIdentify'
  | 'identified'
  | 'toCarryOut'
  | 'carriedOut'
  | 'correct'
  | 'settle'
  | 'takeBackCorrections'
  | 'moveTo'
  | 'captureStep'
  | 'followView'
  | 'openAt'
  | 'closedAmong'
  | 'toOrder'
  | 'orderedFor'
  | 'toSign'
  | 'contacts'
  | keyof Known
>;

const briefOf = (row: CaseRow): CaseBrief => ({
  caseId: row.id as CaseId,
  kioskId: row.kiosk_id,
  serviceId: row.service_id,
  language: row.language,
  print: row.print,
  at: row.at,
  since: row.since,
  device: row.device,
  vip: row.vip,
  here: row.absent_since === null,
});

/** Who entered a value or did a step when it was no member of staff. */
export const CUSTOMER = 'customer';

/** Binds a sealed value to its case and field: moved to another row it no longer opens. */
export const sealContext = (caseId: string, name: string) => `case:${caseId}:${name}`;

/** Whether a value was changed after `seen`; who says nothing of it knows the customer's own values, and no agent's. */
const isNewer = ({ revision, settled }: ValueRow, seen: number | undefined): boolean =>
  seen === undefined ? !settled : revision > seen;

/** The changing half of the cases; see `Cases` for each one's contract. */
export function createCases({ keys, services }: CasesNeeds): Changes {
  const record = (work: Work, row: CaseRow, what: Omit<CaseFact, 'about'>) => {
    const fact: CaseFact = { ...what, about: { caseId: row.id, kioskId: row.kiosk_id } };
    work.record(fact);
  };

  const locked = async (work: Work, caseId: string): Promise<CaseRow> => {
    const row = await lockCase(work.tx, caseId);
    if (!row) throw new Refusal('not-found', 'no such case');
    return row;
  };

  const move = async (
    work: Work,
    caseId: string,
    { set, ...event }: CaseEvent & { set?: Partial<CaseRow> },
  ): Promise<CaseRow> => {
    const { from, to } = wayOf(event);
    const row = await updateCaseFrom(work.tx, caseId, { from, set: { ...set, at: to, since: work.now } });
    if (!row) throw new Refusal('wrong-state', `${event.is} does not follow ${(await locked(work, caseId)).at}`);
    record(work, row, { kind: 'case.moved', data: { from: row.at, to } });
    return row;
  };

  const close: Changes['close'] = async (work, caseId, reason) => {
    const row = await locked(work, caseId);
    if (row.at === 'closed') return;
    await updateCase(work.tx, row.id, { at: 'closed', since: work.now, closed_at: work.now, close_reason: reason });
    record(work, row, { kind: 'case.closed', data: { from: row.at, reason } });
  };

  const mayChange = (row: CaseRow) => {
    if (row.at === 'closed' || row.at === 'rating') throw new Refusal('wrong-state', 'the case is over');
  };

  return {
    async start(work, { kioskId, device = 'floor', serviceId, language, print }) {
      if (!services.offers(serviceId)) throw new Refusal('not-found', `no service ${serviceId} is offered`);
      const unfinished = await lockOpenCaseOfKiosk(work.tx, kioskId);
      if (unfinished) await close(work, unfinished.id, 'replaced');
      const row: CaseRow = {
        id: randomUUID(),
        kiosk_id: kioskId,
        service_id: serviceId,
        language,
        print,
        at: 'consent',
        since: work.now,
        opened_at: work.now,
        closed_at: null,
        close_reason: null,
        consent_version: null,
        consented_at: null,
        summary: null,
        stars: null,
        absent_since: null,
        customer_id: null,
        vip: false,
        known_fetched_at: null,
        device,
      };
      await insertCase(work.tx, row);
      record(work, row, { kind: 'case.started', data: { serviceId, language, print, device } });
      return briefOf(row);
    },

    async ofKiosk(work, kioskId, caseId) {
      const row = await lockCase(work.tx, caseId);
      if (!row || row.kiosk_id !== kioskId) throw new Refusal('not-found', "not this kiosk's case");
      return briefOf(row);
    },
    async openOfKiosk(work, kioskId) {
      const row = await lockOpenCaseOfKiosk(work.tx, kioskId);
      return row ? briefOf(row) : null;
    },
    brief: async (work, caseId) => briefOf(await locked(work, caseId)),

    async present(work, caseId, { language, print }) {
      const row = await locked(work, caseId);
      if (row.at === 'closed') throw new Refusal('wrong-state', 'the case is closed');
      await updateCase(work.tx, row.id, { language, print });
      record(work, row, { kind: 'case.presented', data: { language, print } });
    },

    async consent(work, caseId, version) {
      const row = await locked(work, caseId);
      const { consent } = services.get(row.service_id);
      if (consent.version !== version) throw new Refusal('wrong-state', 'another text is in force');
      await move(work, caseId, { is: 'consent', set: { consent_version: version, consented_at: work.now } });
      const first = standingOf(services.get(row.service_id), { done: new Set(), values: new Map() });
      record(work, row, {
        kind: 'case.consented',
        // The very words, so that nobody has to trust that a version's text was never changed.
        data: {
          version,
          language: row.language,
          words: consent.text[row.language],
          next: first.at === 'step' ? first.step.id : null,
        },
      });
    },

    async fill(work, caseId, { name, value: raw, seen, by, origin = 'customer' }) {
      const row = await locked(work, caseId);
      mayChange(row);
      if (row.at === 'consent') throw new Refusal('wrong-state', 'nothing is entered before consent');
      const field = fieldsOf(services.get(row.service_id).form).find((one) => one.name === name);
      if (!field) throw new Refusal('not-found', 'no such field');
      const value = tidyValue(field, raw);
      const problem = value === '' ? null : problemOf(field, value);
      if (problem) throw new Refusal('invalid-value', `${name}: ${problem}`);
      const known = (await valuesOf(work.tx, row.id)).find((one) => one.name === name);
      // The same value from both is no quarrel: the customer's word on it.
      if (known && isNewer(known, seen) && keys.unseal(known.sealed, sealContext(row.id, name)).open() !== value)
        throw new Refusal('conflict', `${name} was changed meanwhile`);
      let revision: number;
      if (value === '') {
        await removeValue(work.tx, row.id, name);
        revision = await nextRevision(work.tx);
      } else {
        const sealed = keys.seal(value, sealContext(row.id, name));
        revision = await saveValue(work.tx, {
          case_id: row.id,
          name,
          class: field.class,
          sealed,
          entered_by: by,
          origin,
          entered_at: work.now,
          ...NOTHING_BEFORE,
        });
      }
      // What was read and confirmed after the form was about other values; the agent's steps are the agent's to clear.
      if (row.at === 'alone') await removeStepsDone(work.tx, row.id, stepsFrom(services.get(row.service_id), field));
      record(work, row, { kind: 'case.filled', data: { field: name, empty: value === '', origin } });
      return revision;
    },

    async joinQueue(work, caseId) {
      await move(work, caseId, { is: 'join-queue' });
    },
    async leaveQueue(work, caseId) {
      await move(work, caseId, { is: 'leave-queue' });
    },
    async serve(work, caseId) {
      await move(work, caseId, { is: 'accepted' });
    },

    async tick(work, caseId, { step, done, staffId }) {
      const row = await locked(work, caseId);
      mayChange(row);
      if (!services.get(row.service_id).steps.some(({ id }) => id === step))
        throw new Refusal('not-found', 'no such step');
      if (done) await saveStepDone(work.tx, { case_id: row.id, step, done_by: staffId, at: work.now });
      else await removeStepsDone(work.tx, row.id, [step]);
      record(work, row, { kind: 'case.ticked', data: { step, done } });
    },

    async reveal(work, caseId, { name, reason }) {
      const row = await locked(work, caseId);
      const value = (await valuesOf(work.tx, row.id)).find((one) => one.name === name);
      if (!value) throw new Refusal('not-found', 'no such value');
      record(work, row, { kind: 'case.revealed', data: { field: name, reason } });
      return keys.unseal(value.sealed, sealContext(row.id, name)).open();
    },

    async propose(work, caseId, summary) {
      if ((await unsettledValuesOf(work.tx, caseId)).length > 0)
        throw new Refusal('wrong-state', 'the customer has not confirmed a change yet');
      await move(work, caseId, {
        is: 'propose',
        set: { summary: keys.seal(summary, sealContext(caseId, 'summary')) },
      });
    },
    async answer(work, caseId, agreed) {
      await move(work, caseId, { is: 'answer', agreed });
    },
    async callEnded(work, caseId, served) {
      const row = await locked(work, caseId);
      if (row.at !== 'closed') await move(work, caseId, { is: 'call-ended', served });
    },
    async passedOn(work, caseId) {
      await locked(work, caseId);
      await move(work, caseId, { is: 'passed-on' });
    },
    async rate(work, caseId, stars) {
      const row = await locked(work, caseId);
      if (nextCase(row.at, { is: 'rate' }) === null) throw new Refusal('wrong-state', `rate does not follow ${row.at}`);
      await updateCase(work.tx, row.id, { stars });
      await close(work, caseId, 'finished');
    },
    close,

    kioskAbsent: async (work, kioskId) => void (await setCaseAbsence(work.tx, kioskId, work.now)),
    kioskReturned: async (work, kioskId) => void (await setCaseAbsence(work.tx, kioskId, null)),
    async giveUpAbsent(work, awaited) {
      const at = ALONE;
      const floor = await casesAbsentSince(work.tx, { before: work.now - ABSENCE_MS, at, phones: false });
      const phones = await casesAbsentSince(work.tx, { before: work.now - PHONE_ABSENCE_MS, at, phones: true });
      const left = [
        ...floor.map((row) => ({ ...row, onPhone: false })),
        ...phones.map((row) => ({ ...row, onPhone: true })),
      ];
      if (left.length === 0) return;
      const kept = await awaited(
        left.map(({ id, kiosk_id, service_id, onPhone }) => ({
          caseId: id,
          deviceId: kiosk_id,
          serviceId: service_id,
          onPhone,
        })),
      );
      for (const { id } of left) if (!kept.has(id)) await close(work, id, 'idle');
    },
  };
}
