import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type RulesRow = { version: number; text: string; at: number; by_staff: string | null };
type RulesTables = { 'queue.rules': RulesRow };
const on = (reader: Queryable) => reader.as<RulesTables>();

/** The version in force; 0: what was shipped. */
export async function rulesVersion(reader: Queryable): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select version from queue.rules order by version desc limit 1`.execute(on(reader));
  return rows[0]?.version ?? 0;
}

/** The rules that were put in force last; undefined: none ever were. */
export const lastRules = (reader: Queryable) =>
  on(reader).selectFrom('queue.rules').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();

/** Of all who try to put a version in force, one gets true. */
export async function insertRules(tx: Tx, row: RulesRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await on(tx)
    .insertInto('queue.rules')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}
