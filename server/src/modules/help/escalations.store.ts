import type { Queryable, Tx } from '../../kernel/db.ts';

type EscalationRow = {
  id: string;
  case_id: string;
  kiosk_id: string;
  branch_id: string;
  staff_id: string;
  note: Buffer | null;
  made_at: number;
  joined_at: number | null;
};
type EscalationTables = { 'help.escalation': EscalationRow };

const on = (reader: Queryable) => reader.as<EscalationTables>();

export const insertEscalation = (tx: Tx, row: EscalationRow) =>
  on(tx).insertInto('help.escalation').values(row).execute();

/** The newest of a case. */
export const lastEscalation = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('help.escalation')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The one that waits for the customer's consent at this kiosk has it now; undefined: there is none. */
export const joinEscalation = (tx: Tx, { caseId, kioskId }: { caseId: string; kioskId: string }, at: number) =>
  on(tx)
    .updateTable('help.escalation')
    .set({ joined_at: at })
    .where('case_id', '=', caseId)
    .where('kiosk_id', '=', kioskId)
    .where('joined_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
