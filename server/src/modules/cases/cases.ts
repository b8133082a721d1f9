import { randomUUID } from 'node:crypto';
import { problemOf, tidyValue, type CaseId } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { nextCase, type CaseEvent } from './case-state.ts';
import type { CaseFact } from './cases-facts.ts';
import {
  casesAbsentSince,
  insertCase,
  lockCase,
  lockOpenCaseOfKiosk,
  removeTick,
  removeValue,
  saveTick,
  saveValue,
  setCaseAbsence,
  updateCase,
  valuesOf,
  type CaseRow,
} from './cases.store.ts';
import type { CaseBrief, Cases, CasesNeeds } from './index.ts';

/** ms that a kiosk's line may be down before a case that waits for its customer alone is closed. */
const ABSENCE_MS = 90_000;
/** Where only the customer acts: the queue and the call look after their own. */
const ALONE: CaseRow['at'][] = ['consent', 'form', 'rating'];

type Changes = Omit<Cases, 'kioskView' | 'deskView' | 'known'>;

const briefOf = (row: CaseRow): CaseBrief => ({
  caseId: row.id as CaseId,
  kioskId: row.kiosk_id,
  serviceId: row.service_id,
  language: row.language,
  print: row.print,
  at: row.at,
});

/** Binds a sealed value to its case and field: moved to another row it no longer opens. */
export const sealContext = (caseId: string, name: string) => `case:${caseId}:${name}`;

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
    const row = await locked(work, caseId);
    const at = nextCase(row.at, event);
    if (!at) throw new Refusal('wrong-state', `${event.is} does not follow ${row.at}`);
    await updateCase(work.tx, row.id, { ...set, at, since: work.now });
    record(work, row, { kind: 'case.moved', data: { from: row.at, to: at } });
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
    async start(work, { kioskId, serviceId, language, print }) {
      services.get(serviceId);
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
      };
      await insertCase(work.tx, row);
      record(work, row, { kind: 'case.started', data: { serviceId, language, print } });
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
      if (services.get(row.service_id).consent.version !== version)
        throw new Refusal('wrong-state', 'another text is in force');
      await move(work, caseId, { is: 'consent', set: { consent_version: version, consented_at: work.now } });
      record(work, row, { kind: 'case.consented', data: { version } });
    },

    async fill(work, caseId, { name, value: raw, by }) {
      const row = await locked(work, caseId);
      mayChange(row);
      if (row.at === 'consent') throw new Refusal('wrong-state', 'nothing is entered before consent');
      const field = services.get(row.service_id).fields.find((one) => one.name === name);
      if (!field) throw new Refusal('not-found', 'no such field');
      const value = tidyValue(field, raw);
      if (value === '') {
        await removeValue(work.tx, row.id, name);
      } else {
        const problem = problemOf(field, value);
        if (problem) throw new Refusal('invalid-value', `${name}: ${problem}`);
        const sealed = keys.seal(value, sealContext(row.id, name));
        await saveValue(work.tx, {
          case_id: row.id,
          name,
          class: field.class,
          sealed,
          entered_by: by,
          entered_at: work.now,
        });
      }
      record(work, row, { kind: 'case.filled', data: { field: name, empty: value === '' } });
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
      const known = services.get(row.service_id).steps.some((one) => 'id' in one && one.id === step);
      if (!known) throw new Refusal('not-found', 'no such step');
      if (done) await saveTick(work.tx, { case_id: row.id, step, by_staff: staffId, at: work.now });
      else await removeTick(work.tx, row.id, step);
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
    async rate(work, caseId, stars) {
      const row = await locked(work, caseId);
      if (nextCase(row.at, { is: 'rate' }) === null) throw new Refusal('wrong-state', `rate does not follow ${row.at}`);
      await updateCase(work.tx, row.id, { stars });
      await close(work, caseId, 'finished');
    },
    close,

    kioskAbsent: async (work, kioskId) => void (await setCaseAbsence(work.tx, kioskId, work.now)),
    kioskReturned: async (work, kioskId) => void (await setCaseAbsence(work.tx, kioskId, null)),
    async giveUpAbsent(work) {
      for (const { id } of await casesAbsentSince(work.tx, work.now - ABSENCE_MS, ALONE)) await close(work, id, 'idle');
    },
  };
}
