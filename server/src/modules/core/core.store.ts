import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type InstructionRow = {
  id: string;
  case_id: string;
  operation: string;
  customer_id: string;
  data: Buffer;
  ordered_at: number;
  at: 'due' | 'asking' | 'done' | 'refused' | 'stuck';
  due_at: number | null;
  attempts: number;
  reference: string | null;
  facts: Record<string, string> | null;
  reason: string | null;
  settled_at: number | null;
};
type CoreTables = { 'core.instruction': InstructionRow };

const on = (reader: Queryable) => reader.as<CoreTables>();

/** The new instruction, or undefined when the case has ordered the same before. */
export const insertInstruction = (tx: Tx, row: InstructionRow) =>
  on(tx)
    .insertInto('core.instruction')
    .values(row)
    .onConflict((c) => c.columns(['case_id', 'operation']).doNothing())
    .returning('id')
    .executeTakeFirst();

export const instructionsOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('core.instruction').selectAll().where('case_id', '=', caseId).orderBy('ordered_at').execute();

export const lockInstruction = (tx: Tx, id: string) =>
  on(tx).selectFrom('core.instruction').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const updateInstruction = (tx: Tx, id: string, set: Partial<Omit<InstructionRow, 'id'>>) =>
  on(tx).updateTable('core.instruction').set(set).where('id', '=', id).execute();

/** Takes one that is due: one statement, so that of any number of processes one gets it. */
export async function takeDue(
  tx: Tx,
  { now, until }: { now: number; until: number },
): Promise<InstructionRow | undefined> {
  const { rows } = await sql<InstructionRow>`
    update core.instruction set at = 'asking', due_at = ${until}, attempts = attempts + 1
    where id = (
      select id from core.instruction where at in ('due', 'asking') and due_at <= ${now}
      order by due_at limit 1 for update skip locked
    )
    returning *`.execute(on(tx));
  return rows[0];
}
