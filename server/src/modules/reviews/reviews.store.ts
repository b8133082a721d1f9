import type { ReviewAt, ReviewEvent, ReviewFilter, ReviewKind } from '@openvtm/protocol';
import { sql, type ColumnType, type Generated, type Selectable } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';
import type { Reviewer } from './review-state.ts';

type Skills = Record<string, number>;
type ReviewTable = {
  id: string;
  kind: ReviewKind;
  case_id: string;
  document_id: string | null;
  first_staff: string | null;
  round: number;
  service_id: string;
  state: ReviewAt;
  since: number;
  sent_at: number;
  due_at: number;
  skills: ColumnType<Skills, string, string>;
  to_staff: string | null;
  taken_by: string | null;
  taken_until: number | null;
  decided_by: string | null;
  decided_at: number | null;
  reason: string | null;
  note: Buffer | null;
  holder: string | null;
  code: Buffer | null;
  kept_until: number | null;
};
type EventTable = {
  id: Generated<number>;
  review_id: string;
  at: number;
  staff_id: string | null;
  what: ReviewEvent['what'];
  detail: string | null;
  note: Buffer | null;
};
type ReviewsTables = { 'reviews.review': ReviewTable; 'reviews.event': EventTable };
export type ReviewRecord = Selectable<ReviewTable>;
export type EventRow = Selectable<EventTable>;

const on = (reader: Queryable) => reader.as<ReviewsTables>();

export const insertReview = (tx: Tx, { skills, ...row }: ReviewRecord) =>
  on(tx)
    .insertInto('reviews.review')
    .values({ ...row, skills: JSON.stringify(skills) })
    .execute();
export const lockReview = (tx: Tx, id: string) =>
  on(tx).selectFrom('reviews.review').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
export const lockAhead = (tx: Tx, caseId: string) =>
  on(tx)
    .selectFrom('reviews.review')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('kind', '=', 'ahead')
    .forUpdate()
    .executeTakeFirst();
export const lockReviewsOfCase = (tx: Tx, caseId: string) =>
  on(tx).selectFrom('reviews.review').selectAll().where('case_id', '=', caseId).orderBy('id').forUpdate().execute();
export const reviewById = (reader: Queryable, id: string) =>
  on(reader).selectFrom('reviews.review').selectAll().where('id', '=', id).executeTakeFirst();
export const aheadOfCase = (reader: Queryable, caseId: string) =>
  on(reader)
    .selectFrom('reviews.review')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('kind', '=', 'ahead')
    .executeTakeFirst();
export const reviewsOfCase = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('reviews.review').selectAll().where('case_id', '=', caseId).orderBy('sent_at').execute();
export const takenBy = (reader: Queryable, staffId: string) =>
  on(reader)
    .selectFrom('reviews.review')
    .selectAll()
    .where('taken_by', '=', staffId)
    .where('state', '=', 'taken')
    .execute();

export const updateReview = (tx: Tx, id: string, { skills, ...set }: Partial<ReviewRecord>) =>
  on(tx)
    .updateTable('reviews.review')
    .set({ ...set, ...(skills ? { skills: JSON.stringify(skills) } : {}) })
    .where('id', '=', id)
    .execute();

/** How many stay with this person. */
export async function prolongTaken(tx: Tx, staffId: string, until: number): Promise<number> {
  const done = await on(tx)
    .updateTable('reviews.review')
    .set({ taken_until: until })
    .where('taken_by', '=', staffId)
    .where('state', '=', 'taken')
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}
/** What was taken by somebody who gave no sign of life; two processes that look at once take different ones. */
export const lockLapsed = (tx: Tx, now: number) =>
  on(tx)
    .selectFrom('reviews.review')
    .selectAll()
    .where('state', '=', 'taken')
    .where('taken_until', '<=', now)
    .orderBy('taken_until')
    .limit(100)
    .forUpdate()
    .skipLocked()
    .execute();
/** Cases with a review that is not over. */
export const casesUnderReview = (reader: Queryable) =>
  on(reader)
    .selectFrom('reviews.review')
    .select('case_id')
    .distinct()
    .where('state', 'in', ['open', 'taken', 'second', 'returned'])
    .execute();
/** Those of these cases that wait for their customer or a reviewer, and are still kept. */
export const casesKept = (reader: Queryable, caseIds: readonly string[], now: number) =>
  on(reader)
    .selectFrom('reviews.review')
    .select('case_id')
    .where('kind', '=', 'ahead')
    .where('state', 'in', ['open', 'taken', 'second', 'returned', 'accepted'])
    .where('kept_until', '>', now)
    .where('case_id', '=', sql<string>`any(${[...caseIds]}::uuid[])`)
    .execute();

export const insertEvent = (tx: Tx, row: Omit<EventRow, 'id'>) =>
  on(tx).insertInto('reviews.event').values(row).execute();
export const eventsOf = (reader: Queryable, reviewId: string) =>
  on(reader).selectFrom('reviews.event').selectAll().where('review_id', '=', reviewId).orderBy('id').execute();

/** `mayReview` in SQL: the list leaves out what somebody may not do. */
const isFor = ({ staffId, roles, skills }: Reviewer) => {
  const has = sql<boolean>`not exists (select 1 from jsonb_each_text(skills) s
    where coalesce((${JSON.stringify(skills)}::jsonb ->> s.key)::int, 0) < s.value::int)`;
  const skilled = roles.includes('agent') ? sql<boolean>`(to_staff is null and ${has})` : sql<boolean>`false`;
  const any = roles.includes('approver')
    ? sql<boolean>`true`
    : sql<boolean>`(to_staff = ${staffId}::uuid or ${skilled})`;
  return sql<boolean>`(first_staff is distinct from ${staffId}::uuid and ${any})`;
};

export type Place = { at: number; id: string };
/** One page, in the order of the filter, from behind `after`. */
export function reviewsFor(
  reader: Queryable,
  reviewer: Reviewer,
  { filter, after, most, today }: { filter: ReviewFilter; after: Place | null; most: number; today: number },
) {
  const all = on(reader).selectFrom('reviews.review').selectAll().limit(most);
  if (filter === 'today') {
    const decided = all
      .where('decided_by', '=', reviewer.staffId)
      .where('decided_at', '>=', today)
      .orderBy('decided_at', 'desc')
      .orderBy('id', 'desc');
    return (
      after ? decided.where(sql<boolean>`(decided_at, id) < (${after.at}::bigint, ${after.id}::uuid)`) : decided
    ).execute();
  }
  const toDo = all.orderBy('due_at').orderBy('id');
  const of =
    filter === 'mine'
      ? toDo.where((is) =>
          is.or([
            is.and([is('state', '=', 'taken'), is('taken_by', '=', reviewer.staffId)]),
            is.and([is('state', '=', 'open'), is('to_staff', '=', reviewer.staffId)]),
          ]),
        )
      : toDo.where('state', 'in', ['open', 'taken']).where(isFor(reviewer));
  return (after ? of.where(sql<boolean>`(due_at, id) > (${after.at}::bigint, ${after.id}::uuid)`) : of).execute();
}

/** At most `most` of each are counted: more is "many". */
export async function countFor(reader: Queryable, reviewer: Reviewer, { now, most }: { now: number; most: number }) {
  const some = sql`select due_at, state from reviews.review
    where state in ('open', 'taken') and ${isFor(reviewer)} order by due_at, id limit ${most}`;
  const { rows } = await sql<{ open: number; overdue: number; mine: number }>`select
      count(*) filter (where state = 'open')::int as open,
      count(*) filter (where due_at < ${now}::bigint)::int as overdue,
      (select count(*)::int from reviews.review where state = 'taken' and taken_by = ${reviewer.staffId}::uuid) as mine
    from (${some}) to_do`.execute(reader.as<unknown>());
  return rows[0] ?? { open: 0, overdue: 0, mine: 0 };
}
