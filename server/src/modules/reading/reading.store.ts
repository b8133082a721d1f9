import type { DocumentKind } from '@openvtm/protocol';
import { sql, type Generated, type JSONColumnType } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type PageRow = {
  document_id: string;
  number: number;
  case_id: string;
  kind: DocumentKind;
  state: 'waiting' | 'read' | 'unreadable';
  since: number;
  tries: number;
  sealed: Buffer | null;
  accepted: string[];
};
type PageTable = Omit<PageRow, 'tries' | 'accepted'> & {
  tries: Generated<number>;
  claimed_until: Generated<number>;
  accepted: JSONColumnType<string[]> | Generated<string[]>;
};
const on = (reader: Queryable) => reader.as<{ 'reading.page': PageTable }>();
type PageId = { documentId: string; page: number };

export const insertPages = (
  tx: Tx,
  rows: Pick<PageRow, 'document_id' | 'number' | 'case_id' | 'kind' | 'state' | 'since' | 'sealed'>[],
) =>
  on(tx)
    .insertInto('reading.page')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['document_id', 'number']).doNothing())
    .execute();

/** The page that waits longest and that nobody reads just now, claimed until `until`. */
export async function claimPage(tx: Tx, { now, until }: { now: number; until: number }) {
  const waiting = await on(tx)
    .selectFrom('reading.page')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('claimed_until', '<=', now)
    .orderBy('since')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!waiting) return null;
  await on(tx)
    .updateTable('reading.page')
    .set({ claimed_until: until, tries: waiting.tries + 1 })
    .where('document_id', '=', waiting.document_id)
    .where('number', '=', waiting.number)
    .execute();
  return { ...waiting, tries: waiting.tries + 1 };
}
export const lockPage = (tx: Tx, { documentId, page }: PageId) =>
  on(tx)
    .selectFrom('reading.page')
    .selectAll()
    .where('document_id', '=', documentId)
    .where('number', '=', page)
    .forUpdate()
    .executeTakeFirst();
export const updatePage = (
  tx: Tx,
  { documentId, page }: PageId,
  set: Partial<Pick<PageRow, 'state' | 'since' | 'sealed'>> & { claimed_until?: number; tries?: number },
) =>
  on(tx)
    .updateTable('reading.page')
    .set(set)
    .where('document_id', '=', documentId)
    .where('number', '=', page)
    .execute();
export const setAccepted = (tx: Tx, { documentId, page }: PageId, accepted: string[]) =>
  on(tx)
    .updateTable('reading.page')
    .set({ accepted: sql`${JSON.stringify(accepted)}::jsonb` })
    .where('document_id', '=', documentId)
    .where('number', '=', page)
    .execute();
export const pagesOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('reading.page')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('since')
    .orderBy('document_id')
    .orderBy('number')
    .execute();
/** No process reads any page any more. */
export const releaseClaims = (tx: Tx) =>
  on(tx)
    .updateTable('reading.page')
    .set({ claimed_until: 0 })
    .where('claimed_until', '>', 0)
    .where('state', '=', 'waiting')
    .execute();
export const forgetReadBefore = (tx: Tx, before: number) =>
  on(tx).deleteFrom('reading.page').where('since', '<', before).where('state', '<>', 'waiting').execute();
