import { fieldsOf, problemOf, tidyValue } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { CaseFact } from './cases-facts.ts';
import {
  lockCase,
  NOTHING_BEFORE,
  removeValue,
  saveValue,
  settleValue,
  unsettledValuesOf,
  valuesOf,
  type CaseRow,
  type ValueRow,
} from './cases.store.ts';
import { CUSTOMER, sealContext } from './cases.ts';
import type { Cases, CasesNeeds } from './index.ts';

/** What to go back to from a change that the customer has not settled: of several in a row, what was there before the first. */
export function beforeOf(known: ValueRow | undefined) {
  if (!known) return { ...NOTHING_BEFORE, settled: false };
  const { settled, before, before_by, before_origin, before_at } = known;
  return settled
    ? {
        settled: false,
        before: known.sealed,
        before_by: known.entered_by,
        before_origin: known.origin,
        before_at: known.entered_at,
      }
    : { settled: false, before, before_by, before_origin, before_at };
}

/** What an agent changes in the call, and the customer confirms or takes back; see `Cases` for each one's contract. */
export function createCorrections({
  keys,
  services,
}: CasesNeeds): Pick<Cases, 'correct' | 'settle' | 'takeBackCorrections'> {
  const record = (work: Work, row: CaseRow, what: Omit<CaseFact, 'about'>) => {
    const fact: CaseFact = { ...what, about: { caseId: row.id, kioskId: row.kiosk_id } };
    work.record(fact);
  };
  const inCall = async (work: Work, caseId: string) => {
    const row = await lockCase(work.tx, caseId);
    if (!row) throw new Refusal('not-found', 'no such case');
    if (row.at !== 'serving') throw new Refusal('wrong-state', `nothing is corrected at ${row.at}`);
    return row;
  };
  /** What was there before, as it was entered, or none where there was none. */
  const takeBack = async (work: Work, value: ValueRow) => {
    const { before } = value;
    if (before)
      await saveValue(work.tx, {
        ...value,
        sealed: before,
        entered_by: value.before_by ?? CUSTOMER,
        origin: value.before_origin ?? 'customer',
        entered_at: value.before_at ?? value.entered_at,
        ...NOTHING_BEFORE,
      });
    else await removeValue(work.tx, value.case_id, value.name);
  };

  return {
    async correct(work, caseId, { name, value: raw, seen, staffId, origin = 'agent' }) {
      const row = await inCall(work, caseId);
      const field = fieldsOf(services.get(row.service_id).form).find((one) => one.name === name);
      if (!field) throw new Refusal('not-found', 'no such field');
      const value = tidyValue(field, raw);
      const problem = value === '' ? 'missing' : problemOf(field, value);
      if (problem) throw new Refusal('invalid-value', `${name}: ${problem}`);
      const known = (await valuesOf(work.tx, caseId)).find((one) => one.name === name);
      if (known && keys.unseal(known.sealed, sealContext(caseId, name)).open() === value) return known.revision;
      if (known && known.revision > seen) throw new Refusal('conflict', `${name} was changed meanwhile`);
      const revision = await saveValue(work.tx, {
        case_id: caseId,
        name,
        class: field.class,
        sealed: keys.seal(value, sealContext(caseId, name)),
        entered_by: staffId,
        origin,
        entered_at: work.now,
        ...beforeOf(known),
      });
      record(work, row, { kind: 'case.corrected', data: { field: name } });
      return revision;
    },

    async settle(work, caseId, { name, agreed, seen }) {
      const row = await inCall(work, caseId);
      const value = (await unsettledValuesOf(work.tx, caseId)).find((one) => one.name === name);
      if (!value) throw new Refusal('wrong-state', 'nothing waits for the customer here');
      if (value.revision > seen) throw new Refusal('conflict', `${name} was changed again`);
      if (agreed) await settleValue(work.tx, caseId, name);
      else await takeBack(work, value);
      record(work, row, { kind: 'case.settled', data: { field: name, agreed } });
    },

    async takeBackCorrections(work, caseId) {
      for (const value of await unsettledValuesOf(work.tx, caseId)) await takeBack(work, value);
    },
  };
}
