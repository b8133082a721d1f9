import type { CaseAt, CaseId, KioskKind, Origin, Print } from '@openvtm/protocol';
import { sql, type Generated, type Selectable } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

type CaseTable = {
  id: string;
  kiosk_id: string;
  service_id: string;
  language: 'zh-CN' | 'en';
  print: Print;
  at: CaseAt;
  since: number;
  opened_at: number;
  closed_at: number | null;
  close_reason: string | null;
  consent_version: string | null;
  consented_at: number | null;
  summary: Buffer | null;
  stars: number | null;
  absent_since: number | null;
  customer_id: string | null;
  /** When the bank was asked for what it knows of the customer; null: not since it was proved who that is. */
  known_fetched_at: number | null;
  device: KioskKind;
  /** The bank serves this customer before others. */
  vip: boolean;
};
type ValueTable = {
  case_id: string;
  name: string;
  class: 'C1' | 'C2';
  sealed: Buffer;
  /** `customer`, or the id of the member of staff. */
  entered_by: string;
  origin: Origin;
  entered_at: number;
  /** false: an agent changed it and the customer has not said yes or no. */
  settled: boolean;
  /** The value that comes back when the customer does not agree, with who entered it, while it is not settled. */
  before: Buffer | null;
  before_by: string | null;
  before_origin: Origin | null;
  before_at: number | null;
  /** Rises with every change of a value in the case, so that one knows whether what was seen still stands. */
  revision: Generated<number>;
};
type StepDoneTable = { case_id: string; step: string; done_by: string; at: number };
export type CasesTables = { 'cases.case': CaseTable; 'cases.value': ValueTable; 'cases.step_done': StepDoneTable };
export type CaseRow = Selectable<CaseTable>;
export type ValueRow = Selectable<ValueTable>;

const on = (reader: Queryable) => reader.as<CasesTables>();

export const insertCase = (tx: Tx, row: CaseRow) => on(tx).insertInto('cases.case').values(row).execute();

/** The case, locked until the transaction ends: steps of one case happen one after the other. */
export const lockCase = (tx: Tx, id: string) =>
  on(tx).selectFrom('cases.case').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const lockOpenCaseOfKiosk = (tx: Tx, kioskId: string) =>
  on(tx)
    .selectFrom('cases.case')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .where('at', '<>', 'closed')
    .forUpdate()
    .executeTakeFirst();

export const caseById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('cases.case').selectAll().where('id', '=', id).executeTakeFirst();

export const openCaseOfKiosk = (reader: Queryable, kioskId: string) =>
  on(reader)
    .selectFrom('cases.case')
    .selectAll()
    .where('kiosk_id', '=', kioskId)
    .where('at', '<>', 'closed')
    .executeTakeFirst();

export const closedCasesAmong = (reader: Queryable, ids: readonly string[]) =>
  on(reader)
    .selectFrom('cases.case')
    .select('id')
    .where('at', '=', 'closed')
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();

/** A customer's cases, the newest first. */
export const pastCasesOf = (
  reader: Queryable,
  { customerId, except, most }: { customerId: string; except: string; most: number },
) =>
  on(reader)
    .selectFrom('cases.case')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('id', '<>', except)
    .orderBy('opened_at', 'desc')
    .limit(most)
    .execute();

export const updateCase = (tx: Tx, id: CaseId | string, set: Partial<Omit<CaseRow, 'id'>>) =>
  on(tx).updateTable('cases.case').set(set).where('id', '=', id).execute();

/** Changes a case that is where the change may happen, and answers it as it was; undefined: it is elsewhere, or not at all. */
export const updateCaseFrom = (tx: Tx, id: string, { from, set }: { from: CaseAt[]; set: Partial<CaseRow> }) =>
  on(tx)
    .with('was', (db) =>
      db.selectFrom('cases.case').selectAll().where('id', '=', id).where('at', 'in', from).forUpdate(),
    )
    .updateTable('cases.case')
    .set(set)
    .from('was')
    .whereRef('cases.case.id', '=', 'was.id')
    .returningAll('was')
    .executeTakeFirst();

/** A value with nothing to go back to. */
export const NOTHING_BEFORE = { settled: true, before: null, before_by: null, before_origin: null, before_at: null };

/** A number greater than all that were given to changes of this case, which is locked. */
export const nextRevision = async (tx: Tx): Promise<number> => {
  const { next } = await on(tx)
    .selectNoFrom(sql<number>`nextval('cases.revision')`.as('next'))
    .executeTakeFirstOrThrow();
  return next;
};

/** Tells the revision of what it saved. */
export async function saveValue(tx: Tx, row: Omit<ValueRow, 'revision'>): Promise<number> {
  const revision = await nextRevision(tx);
  await on(tx)
    .insertInto('cases.value')
    .values({ ...row, revision })
    .onConflict((c) =>
      c.columns(['case_id', 'name']).doUpdateSet({
        sealed: row.sealed,
        entered_by: row.entered_by,
        origin: row.origin,
        entered_at: row.entered_at,
        settled: row.settled,
        before: row.before,
        before_by: row.before_by,
        before_origin: row.before_origin,
        before_at: row.before_at,
        revision,
      }),
    )
    .execute();
  return revision;
}

/** The value stays as it is, and there is nothing to go back to any more. */
export const settleValue = (tx: Tx, caseId: string, name: string) =>
  on(tx)
    .updateTable('cases.value')
    .set(NOTHING_BEFORE)
    .where('case_id', '=', caseId)
    .where('name', '=', name)
    .execute();

export const removeValue = (tx: Tx, caseId: string, name: string) =>
  on(tx).deleteFrom('cases.value').where('case_id', '=', caseId).where('name', '=', name).execute();

export const valuesOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('cases.value').selectAll().where('case_id', '=', caseId).execute();

export const unsettledValuesOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('cases.value').selectAll().where('case_id', '=', caseId).where('settled', '=', false).execute();

export const stepsDoneOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('cases.step_done').select('step').where('case_id', '=', caseId).orderBy('at').execute();

export const saveStepDone = (tx: Tx, row: StepDoneTable) =>
  on(tx)
    .insertInto('cases.step_done')
    .values(row)
    .onConflict((c) => c.columns(['case_id', 'step']).doNothing())
    .execute();

export const removeStepsDone = (tx: Tx, caseId: string, steps: string[]) =>
  on(tx).deleteFrom('cases.step_done').where('case_id', '=', caseId).where('step', 'in', steps).execute();

/** null: every kiosk's. */
export const setCaseAbsence = (tx: Tx, kioskId: string | null, since: number | null) => {
  const update = on(tx).updateTable('cases.case').set({ absent_since: since }).where('at', '<>', 'closed');
  return (kioskId ? update.where('kiosk_id', '=', kioskId) : update.where('absent_since', 'is', null)).execute();
};

/** Those at a branch's devices, or those on customers' phones. */
export const casesAbsentSince = (
  reader: Queryable,
  { before, at, phones }: { before: number; at: CaseAt[]; phones: boolean },
) =>
  on(reader)
    .selectFrom('cases.case')
    .select(['id', 'kiosk_id', 'service_id'])
    .where('at', 'in', at)
    .where('absent_since', '<=', before)
    .where('device', phones ? '=' : '<>', 'phone')
    .execute();
