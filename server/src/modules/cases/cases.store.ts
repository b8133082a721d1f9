import type { CaseAt, CaseId } from '@openvtm/protocol';
import type { Selectable } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

type CaseTable = {
  id: string;
  kiosk_id: string;
  service_id: string;
  language: 'zh-CN' | 'en';
  print: 'normal' | 'large';
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
};
type ValueTable = {
  case_id: string;
  name: string;
  class: 'C1' | 'C2';
  sealed: Buffer;
  entered_by: string;
  entered_at: number;
};
type TickTable = { case_id: string; step: string; by_staff: string; at: number };
export type CasesTables = { 'cases.case': CaseTable; 'cases.value': ValueTable; 'cases.tick': TickTable };
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

export const updateCase = (tx: Tx, id: CaseId | string, set: Partial<Omit<CaseRow, 'id'>>) =>
  on(tx).updateTable('cases.case').set(set).where('id', '=', id).execute();

export const saveValue = (tx: Tx, row: ValueRow) =>
  on(tx)
    .insertInto('cases.value')
    .values(row)
    .onConflict((c) =>
      c
        .columns(['case_id', 'name'])
        .doUpdateSet({ sealed: row.sealed, entered_by: row.entered_by, entered_at: row.entered_at }),
    )
    .execute();

export const removeValue = (tx: Tx, caseId: string, name: string) =>
  on(tx).deleteFrom('cases.value').where('case_id', '=', caseId).where('name', '=', name).execute();

export const valuesOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('cases.value').selectAll().where('case_id', '=', caseId).execute();

export const ticksOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('cases.tick').select('step').where('case_id', '=', caseId).orderBy('at').execute();

export const saveTick = (tx: Tx, row: TickTable) =>
  on(tx)
    .insertInto('cases.tick')
    .values(row)
    .onConflict((c) => c.columns(['case_id', 'step']).doNothing())
    .execute();

export const removeTick = (tx: Tx, caseId: string, step: string) =>
  on(tx).deleteFrom('cases.tick').where('case_id', '=', caseId).where('step', '=', step).execute();

/** null: every kiosk's. */
export const setCaseAbsence = (tx: Tx, kioskId: string | null, since: number | null) => {
  const update = on(tx).updateTable('cases.case').set({ absent_since: since }).where('at', '<>', 'closed');
  return (kioskId ? update.where('kiosk_id', '=', kioskId) : update.where('absent_since', 'is', null)).execute();
};

export const casesAbsentSince = (reader: Queryable, before: number, at: CaseAt[]) =>
  on(reader).selectFrom('cases.case').select('id').where('at', 'in', at).where('absent_since', '<=', before).execute();
