import type { ParticipantRole } from '@openvtm/protocol';
import type { ExpressionBuilder } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

export type MessageRow = {
  id: string;
  case_id: string;
  call_id: string;
  place: number;
  role: ParticipantRole;
  staff_id: string | null;
  to_staff: string | null;
  written_at: number;
  body: Buffer;
};
type Side = 'customer' | 'agent';
type MarkRow = { case_id: string; side: Side; delivered: number; seen: number };
type ChatTables = {
  'chat.thread': { case_id: string; last: number };
  'chat.message': MessageRow;
  'chat.mark': MarkRow;
};
const on = (reader: Queryable) => reader.as<ChatTables>();

/** Whose eyes: the customer's, or those of somebody of the staff. Whispers are for two of the staff alone. */
export type Reader = { customer: true } | { staffId: string };
export const sideOf = (reader: Reader): Side => ('customer' in reader ? 'customer' : 'agent');
const mayRead = (reader: Reader) => (e: ExpressionBuilder<ChatTables, 'chat.message'>) =>
  'customer' in reader
    ? e('to_staff', 'is', null)
    : e.or([e('to_staff', 'is', null), e('to_staff', '=', reader.staffId), e('staff_id', '=', reader.staffId)]);

/** Whoever writes in a case does it one after the other. Answers the last message's place. */
export async function lockThread(tx: Tx, caseId: string): Promise<number> {
  await on(tx)
    .insertInto('chat.thread')
    .values({ case_id: caseId, last: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { last } = await on(tx)
    .selectFrom('chat.thread')
    .select('last')
    .where('case_id', '=', caseId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return last;
}
export const messageById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('chat.message').selectAll().where('id', '=', id).executeTakeFirst();

type Author = { role: ParticipantRole; staffId: string | null };
/** How many the author's side wrote in the case, and how many the author did since `since`. */
export const countWritten = (reader: Queryable, caseId: string, { by, since }: { by: Author; since: number }) =>
  on(reader)
    .selectFrom('chat.message')
    .select(({ fn }) => [
      fn.countAll<number>().as('ofSide'),
      fn
        .countAll<number>()
        .filterWhere('written_at', '>', since)
        .filterWhere('staff_id', 'is not distinct from', by.staffId)
        .as('lately'),
    ])
    .where('case_id', '=', caseId)
    .where('role', by.role === 'customer' ? '=' : '!=', 'customer')
    .executeTakeFirstOrThrow();
export async function insertMessage(tx: Tx, row: MessageRow): Promise<void> {
  await on(tx).insertInto('chat.message').values(row).execute();
  await on(tx).updateTable('chat.thread').set({ last: row.place }).where('case_id', '=', row.case_id).execute();
}

/** Those before a place (null: the latest), newest last, with how many there are before them. */
export async function messagesOf(
  reader: Queryable,
  caseId: string,
  { to, before, most }: { to: Reader; before: number | null; most: number },
): Promise<{ rows: MessageRow[]; earlier: number }> {
  const all = on(reader).selectFrom('chat.message').where('case_id', '=', caseId).where(mayRead(to));
  const rows = await (before === null ? all : all.where('place', '<', before))
    .selectAll()
    .orderBy('place', 'desc')
    .limit(most)
    .execute();
  const oldest = rows.at(-1);
  if (!oldest || rows.length < most) return { rows: rows.toReversed(), earlier: 0 };
  const { earlier } = await all
    .select(({ fn }) => fn.countAll<number>().as('earlier'))
    .where('place', '<', oldest.place)
    .executeTakeFirstOrThrow();
  return { rows: rows.toReversed(), earlier };
}
export const marksOf = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('chat.mark').selectAll().where('case_id', '=', caseId).execute();
export const putMark = (tx: Tx, row: MarkRow) =>
  on(tx)
    .insertInto('chat.mark')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['case_id', 'side']).doUpdateSet({ delivered: row.delivered, seen: row.seen }),
    )
    .execute();
/** After a place: of staff for the customer; for the agent who leads, of everybody but those who led before. */
export const countUnread = async (reader: Queryable, caseId: string, { to, after }: { to: Reader; after: number }) => {
  const all = on(reader)
    .selectFrom('chat.message')
    .select(({ fn }) => fn.countAll<number>().as('unread'))
    .where('case_id', '=', caseId)
    .where('place', '>', after)
    .where(mayRead(to));
  const { unread } = await (
    'customer' in to
      ? all.where('role', '!=', 'customer')
      : all.where('role', '!=', 'agent').where('staff_id', 'is distinct from', to.staffId)
  ).executeTakeFirstOrThrow();
  return unread;
};
/** How many messages everybody could read in each of these cases; a case without any is not among them. */
export const countInCases = (reader: Queryable, caseIds: string[]) =>
  on(reader)
    .selectFrom('chat.message')
    .select(({ fn }) => ['case_id', fn.countAll<number>().as('messages')])
    .where('case_id', 'in', caseIds)
    .where('to_staff', 'is', null)
    .groupBy('case_id')
    .execute();
