import {
  askedFields,
  problemOf,
  tidyValue,
  type CaseId,
  type Field,
  type KnownFact,
  type Language,
  type Print,
  type Service,
  type Text,
  type Values,
} from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { CaseFact } from './cases-facts.ts';
import {
  lockCase,
  NOTHING_BEFORE,
  pastCasesOf,
  saveValue,
  stepsDoneOf,
  updateCase,
  valuesOf,
  type CaseRow,
} from './cases.store.ts';
import { CUSTOMER, sealContext } from './cases.ts';
import { beforeOf } from './corrections.ts';
import type { CasesNeeds } from './index.ts';
import { fieldsToFetch, standingOf } from './step-engine.ts';

export type KnownFacts = ReadonlyMap<KnownFact, string>;
export type PastCase = {
  caseId: CaseId;
  title: Text;
  openedAt: number;
  closedAt: number | null;
  closeReason: string | null;
  language: Language;
  print: Print;
};
/** Who the customer is at the bank: `who` is what was entered, `proved` that it was checked by a code or by an agent. */
export type AtBank = {
  customerId: string | null;
  who: { idNumber: string; name: string } | null;
  proved: boolean;
  /** What the bank may know of fields that are empty; one a field. */
  empty: KnownFact[];
};

/** Cases of customers whom the bank knows: what it knows is filled in, never before it is proved who they are. */
export type Known = {
  atBank(work: Work, caseId: string): Promise<AtBank>;
  /** An agent has seen that it is this customer of the bank. */
  knownAs(work: Work, caseId: string, customerId: string): Promise<void>;
  /** The customer alone whom the bank may be asked about for this form step; `wrong-state` when it is not proved who that is. */
  toFetch(work: Work, caseId: string, step: string): Promise<{ customerId: string }>;
  /** Fills the step's empty fields, and tells how many. What does not fit its field is left out. */
  fetched(work: Work, caseId: string, wish: { step: string; known: KnownFacts }): Promise<number>;
  /** The same in a call, for the whole form: each waits for the customer's word. */
  takeOver(work: Work, caseId: string, wish: { staffId: string; known: KnownFacts }): Promise<number>;
  /** What was done for this customer before, the newest first. */
  pastOf(customerId: string, except: string): Promise<PastCase[]>;
};

export function createKnown({ database, keys, services }: CasesNeeds): Known {
  const record = (work: Work, row: CaseRow, what: Omit<CaseFact, 'about'>) => {
    const fact: CaseFact = { ...what, about: { caseId: row.id, kioskId: row.kiosk_id } };
    work.record(fact);
  };
  const locked = async (work: Work, caseId: string) => {
    const row = await lockCase(work.tx, caseId);
    if (!row) throw new Refusal('not-found', 'no such case');
    const [rows, done] = await Promise.all([valuesOf(work.tx, caseId), stepsDoneOf(work.tx, caseId)]);
    const open = (name: string, sealed: Buffer) => keys.unseal(sealed, sealContext(caseId, name)).open();
    return {
      row,
      rows,
      service: services.get(row.service_id),
      done: new Set(done.map(({ step }) => step)),
      values: new Map(rows.map(({ name, sealed }) => [name, open(name, sealed)])),
    };
  };
  /** The case, with its proved customer at this form step. */
  const atForm = async (work: Work, caseId: string, step: string) => {
    const found = await locked(work, caseId);
    const { row, service, done, values } = found;
    const standing = standingOf(service, { done, values });
    if (row.at !== 'alone' || standing.at !== 'step' || standing.step.id !== step || standing.step.kind !== 'form')
      throw new Refusal('wrong-state', `the case does not stand at the form step ${step}`);
    if (row.customer_id === null) throw new Refusal('wrong-state', 'it is not proved who the customer is');
    return { ...found, customerId: row.customer_id };
  };
  /** What the bank knows for these fields, as it may be kept. */
  const fitting = (fields: Field[], known: KnownFacts) =>
    fields.flatMap((field) => {
      const value = tidyValue(field, (field.from && known.get(field.from)) ?? '');
      return value !== '' && problemOf(field, value) === null ? [{ field, value }] : [];
    });

  return {
    async atBank(work, caseId) {
      const { row, service, done, values } = await locked(work, caseId);
      const [idNumber, name] = [values.get('idNumber'), values.get('fullName')];
      return {
        customerId: row.customer_id,
        who: idNumber && name ? { idNumber, name } : null,
        empty: emptyOf(service, values).flatMap(({ from }) => (from ? [from] : [])),
        proved: row.customer_id !== null || service.steps.some(({ kind, id }) => kind === 'identify' && done.has(id)),
      };
    },

    async knownAs(work, caseId, customerId) {
      await updateCase(work.tx, caseId, { customer_id: customerId });
    },

    toFetch: async (work, caseId, step) => ({ customerId: (await atForm(work, caseId, step)).customerId }),

    async fetched(work, caseId, { step, known }) {
      const { row, service, values } = await atForm(work, caseId, step);
      const found = fitting(fieldsToFetch(service, step, values), known);
      for (const { field, value } of found)
        await saveValue(work.tx, {
          case_id: caseId,
          name: field.name,
          class: field.class,
          sealed: keys.seal(value, sealContext(caseId, field.name)),
          entered_by: CUSTOMER,
          origin: 'bank',
          entered_at: work.now,
          ...NOTHING_BEFORE,
        });
      await updateCase(work.tx, caseId, { known_fetched_at: work.now });
      record(work, row, { kind: 'case.known-fetched', data: { step, filled: found.length } });
      return found.length;
    },

    async takeOver(work, caseId, { staffId, known }) {
      const { row, rows, service, values } = await locked(work, caseId);
      if (row.at !== 'serving') throw new Refusal('wrong-state', `nothing is taken over at ${row.at}`);
      const found = fitting(emptyOf(service, values), known);
      for (const { field, value } of found)
        await saveValue(work.tx, {
          case_id: caseId,
          name: field.name,
          class: field.class,
          sealed: keys.seal(value, sealContext(caseId, field.name)),
          entered_by: staffId,
          origin: 'bank',
          entered_at: work.now,
          ...beforeOf(rows.find(({ name }) => name === field.name)),
        });
      record(work, row, { kind: 'case.known-fetched', data: { filled: found.length } });
      return found.length;
    },

    pastOf: async (customerId, except) =>
      (await pastCasesOf(database, { customerId, except, most: MOST_PAST })).map((row) => ({
        caseId: row.id as CaseId,
        title: titleOf(services, row.service_id),
        openedAt: row.opened_at,
        closedAt: row.closed_at,
        closeReason: row.close_reason,
        language: row.language,
        print: row.print,
      })),
  };
}

const MOST_PAST = 20;

/** The asked fields that the bank may know and nobody has filled. */
const emptyOf = (service: Service, values: Values) =>
  askedFields(service.form, values).filter(({ name, from }) => from !== undefined && !values.has(name));

/** A service that is no longer in the catalogue is called by its id. */
function titleOf(services: CasesNeeds['services'], id: string): Text {
  try {
    return services.get(id).title;
  } catch {
    return { 'zh-CN': id, en: id };
  }
}
