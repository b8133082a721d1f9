import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type CodeRow = {
  case_id: string;
  customer_id: string;
  sent_to: string;
  sealed: Buffer;
  sent_at: number;
  expires_at: number;
  sent: number;
  tries: number;
  vip: boolean;
};
type IdentitiesTables = { 'identities.code': CodeRow; 'identities.lookup': { case_id: string; lookups: number } };

const on = (reader: Queryable) => reader.as<IdentitiesTables>();

/** Counts one more look, and answers how many there were. */
export async function countLookup(tx: Tx, caseId: string): Promise<number> {
  const { lookups } = await on(tx)
    .insertInto('identities.lookup')
    .values({ case_id: caseId, lookups: 1 })
    .onConflict((c) => c.column('case_id').doUpdateSet({ lookups: sql`identities.lookup.lookups + 1` }))
    .returning('lookups')
    .executeTakeFirstOrThrow();
  return lookups;
}

export const lockCode = (tx: Tx, caseId: string) =>
  on(tx).selectFrom('identities.code').selectAll().where('case_id', '=', caseId).forUpdate().executeTakeFirst();
export const codeOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('identities.code').selectAll().where('case_id', '=', caseId).executeTakeFirst();
export const saveCode = (tx: Tx, row: CodeRow) =>
  on(tx)
    .insertInto('identities.code')
    .values(row)
    .onConflict((c) => c.column('case_id').doUpdateSet(row))
    .execute();
export const updateCode = (tx: Tx, caseId: string, set: Partial<Omit<CodeRow, 'case_id'>>) =>
  on(tx).updateTable('identities.code').set(set).where('case_id', '=', caseId).execute();
export const forgetCode = (tx: Tx, caseId: string) =>
  on(tx).deleteFrom('identities.code').where('case_id', '=', caseId).execute();
