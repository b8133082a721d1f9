import { randomUUID } from 'node:crypto';
import { REVIEW_HELD_MS, RefuseReason, type ReviewEvent } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { Review, ReviewFact, Reviews } from './index.ts';
import { isOver, mayReview, nextReview, type ReviewEventName } from './review-state.ts';
import {
  aheadOfCase,
  casesKept,
  casesUnderReview,
  countFor,
  eventsOf,
  insertEvent,
  insertReview,
  lockAhead,
  lockLapsed,
  lockReview,
  lockReviewsOfCase,
  prolongTaken,
  reviewById,
  reviewsFor,
  reviewsOfCase,
  takenBy,
  updateReview,
  type ReviewRecord,
} from './reviews.store.ts';

/** A customer in a call waits for it. */
const SECOND_DUE_MS = 5 * 60_000;
const COUNTED = 100;
const CURSOR = /^(\d{1,15})\.([0-9a-f-]{36})$/;

type What = { what: ReviewEvent['what']; staffId?: string | null; detail?: string | null; note?: string };

/** See `Reviews` for each one's contract. */
export function createReviews({ database, keys }: { database: Database; keys: Keys }): Reviews {
  const noteContext = (id: string) => `review:${id}:note`;
  const codeContext = (id: string) => `review:${id}:code`;
  const sealedNote = (id: string, note: string) => (note === '' ? null : keys.seal(note, noteContext(id)));
  const open = (sealed: Buffer | null, context: string) => (sealed ? keys.unseal(sealed, context).open() : '');

  const reviewOf = (row: ReviewRecord): Review => ({
    reviewId: row.id,
    kind: row.kind,
    caseId: row.case_id,
    documentId: row.document_id,
    firstStaff: row.first_staff,
    round: row.round,
    serviceId: row.service_id,
    at: row.state,
    since: row.since,
    sentAt: row.sent_at,
    dueAt: row.due_at,
    skills: row.skills,
    toStaff: row.to_staff,
    takenBy: row.taken_by,
    takenUntil: row.taken_until,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    reason: RefuseReason.nullable().catch(null).parse(row.reason),
    note: open(row.note, noteContext(row.id)),
    holder: row.holder,
    code: open(row.code, codeContext(row.id)),
    keptUntil: row.kept_until ?? 0,
  });
  const orNull = (row: ReviewRecord | undefined) => (row ? reviewOf(row) : null);

  /** Written down for who goes on with it, and in the journal without its words. */
  const tell = async (
    work: Work,
    row: Pick<ReviewRecord, 'id' | 'case_id' | 'document_id' | 'kind'>,
    { what, staffId = null, detail = null, note = '' }: What,
  ) => {
    await insertEvent(work.tx, {
      review_id: row.id,
      at: work.now,
      staff_id: staffId,
      what,
      detail,
      note: sealedNote(row.id, note),
    });
    const fact: ReviewFact = {
      kind: `review.${what}`,
      about: { reviewId: row.id, caseId: row.case_id, ...(row.document_id ? { documentId: row.document_id } : {}) },
      data: { review: row.kind, detail },
    };
    work.record(fact);
  };

  const move = async (
    work: Work,
    row: ReviewRecord,
    { event, set = {}, ...said }: { event: ReviewEventName; set?: Partial<ReviewRecord> } & What,
  ) => {
    const state = nextReview(row.state, event, row.kind);
    if (!state) throw new Refusal('wrong-state', `${event} does not follow ${row.state}`);
    const taking = state === 'taken' ? {} : { taken_by: null, taken_until: null };
    await updateReview(work.tx, row.id, { ...taking, ...set, state, since: work.now });
    await tell(work, row, said);
  };

  /** The review, locked, which this person has taken. */
  const mine = async (work: Work, reviewId: string, staffId: string): Promise<ReviewRecord> => {
    const row = await lockReview(work.tx, reviewId);
    if (!row) throw new Refusal('not-found', 'no such review');
    if (isOver(row.state, row.kind)) throw new Refusal('wrong-state', `the review is ${row.state}`);
    if (row.taken_by !== staffId) throw new Refusal('not-found', 'not taken by this person');
    return row;
  };
  const lockedAhead = async (work: Work, caseId: string): Promise<ReviewRecord> => {
    const row = await lockAhead(work.tx, caseId);
    if (!row) throw new Refusal('not-found', 'the case was not sent ahead');
    return row;
  };

  return {
    async sendAhead(work, { reviewId, caseId, serviceId, skills, dueAt, keptUntil, code, holder }) {
      const row = blank(work, { id: reviewId, kind: 'ahead', case_id: caseId, service_id: serviceId, skills });
      await insertReview(work.tx, {
        ...row,
        round: 1,
        due_at: dueAt,
        kept_until: keptUntil,
        holder,
        code: keys.seal(code, codeContext(reviewId)),
      });
      await tell(work, row, { what: 'sent' });
    },
    async sendAgain(work, caseId, { skills, dueAt, holder }) {
      const row = await lockedAhead(work, caseId);
      const set = {
        round: row.round + 1,
        sent_at: work.now,
        due_at: dueAt,
        skills,
        to_staff: null,
        holder: holder ?? row.holder,
        decided_by: null,
        decided_at: null,
        note: null,
      };
      await move(work, row, { event: 'send-again', set, what: 'sent-again' });
    },
    async openSecond(work, { caseId, documentId, round, serviceId, skills, firstStaff }) {
      const known = (await lockReviewsOfCase(work.tx, caseId)).some(
        (one) => one.document_id === documentId && one.round === round && one.state !== 'withdrawn',
      );
      if (known) return;
      const row = blank(work, { id: randomUUID(), kind: 'second', case_id: caseId, service_id: serviceId, skills });
      await insertReview(work.tx, {
        ...row,
        document_id: documentId,
        first_staff: firstStaff,
        round,
        due_at: work.now + SECOND_DUE_MS,
      });
      await tell(work, { ...row, document_id: documentId }, { what: 'sent', staffId: firstStaff });
    },

    async take(work, reviewId, who) {
      const row = await lockReview(work.tx, reviewId);
      if (!row) throw new Refusal('not-found', 'no such review');
      const may = mayReview(who, { skills: row.skills, toStaff: row.to_staff, firstStaff: row.first_staff });
      if (may === 'same-person') throw new Refusal('same-person', 'accepted it first');
      if (may === 'no') throw new Refusal('not-allowed', 'without the skill');
      const until = { taken_by: who.staffId, taken_until: work.now + REVIEW_HELD_MS };
      if (row.state === 'taken' && row.taken_by === who.staffId) {
        await updateReview(work.tx, row.id, until);
        return;
      }
      if (row.state === 'taken' && (row.taken_until ?? 0) > work.now)
        throw new Refusal('taken-by-other', 'somebody else has it');
      // Its reviewer vanished and nobody has noticed yet.
      if (row.state === 'taken') await tell(work, row, { what: 'lapsed', staffId: row.taken_by });
      const from: ReviewRecord = row.state === 'taken' ? { ...row, state: 'open' } : row;
      await move(work, from, { event: 'take', set: until, what: 'taken', staffId: who.staffId });
    },
    async release(work, reviewId, staffId) {
      await move(work, await mine(work, reviewId, staffId), { event: 'release', what: 'released', staffId });
    },
    keep: (work, staffId) => prolongTaken(work.tx, staffId, work.now + REVIEW_HELD_MS),
    async lapse(work) {
      for (const row of await lockLapsed(work.tx, work.now))
        await move(work, row, { event: 'release', what: 'lapsed', staffId: row.taken_by });
    },
    held: async (work, reviewId, staffId) => reviewOf(await mine(work, reviewId, staffId)),
    async note(work, reviewId, { staffId, ...said }) {
      const row = await mine(work, reviewId, staffId);
      await updateReview(work.tx, row.id, { taken_until: work.now + REVIEW_HELD_MS });
      await tell(work, row, { ...said, staffId });
    },

    async decide(work, reviewId, { staffId, is, reason, note }) {
      const row = await mine(work, reviewId, staffId);
      const event = (
        { accepted: 'accept', second: 'accept-but-second', returned: 'return', refused: 'refuse' } as const
      )[is];
      await move(work, row, {
        event,
        set: { decided_by: staffId, decided_at: work.now, reason: reason ?? null, note: sealedNote(row.id, note) },
        what: is === 'second' ? 'accepted' : is,
        staffId,
        detail: reason ?? null,
        note,
      });
    },
    async handOn(work, reviewId, { staffId, toStaff, skills, detail, note }) {
      const row = await mine(work, reviewId, staffId);
      await move(work, row, {
        event: 'hand-on',
        set: { to_staff: toStaff, skills },
        what: 'handed-on',
        staffId,
        detail,
        note,
      });
    },
    async seconded(work, caseId, { staffId, accepted }) {
      const row = await lockAhead(work.tx, caseId);
      if (row?.state !== 'second') return;
      if (accepted) await move(work, row, { event: 'second-done', what: 'second-done', staffId });
      else
        await move(work, row, {
          event: 'second-returned',
          // What the first wrote was of papers that were all right.
          set: { note: null, decided_by: staffId, decided_at: work.now },
          what: 'returned',
          staffId,
        });
    },
    async continued(work, caseId) {
      await tell(work, await lockedAhead(work, caseId), { what: 'continued' });
    },
    async withdraw(work, { caseId, documentId }) {
      for (const row of await lockReviewsOfCase(work.tx, caseId))
        if (!isOver(row.state, row.kind) && (documentId === undefined || row.document_id === documentId))
          await move(work, row, { event: 'withdraw', what: 'withdrawn' });
    },
    async hold(work, caseId, holder) {
      await updateReview(work.tx, (await lockedAhead(work, caseId)).id, { holder });
    },

    byId: async (reviewId) => orNull(await reviewById(database, reviewId)),
    ahead: async (caseId, work) => orNull(await (work ? lockAhead(work.tx, caseId) : aheadOfCase(database, caseId))),
    ofCase: async (caseId) => (await reviewsOfCase(database, caseId)).map(reviewOf),
    takenBy: async (staffId) => (await takenBy(database, staffId)).map(reviewOf),
    history: async (reviewId) =>
      (await eventsOf(database, reviewId)).map(({ at, staff_id: staffId, what, detail, note }) => ({
        at,
        staffId,
        what,
        detail,
        note: open(note, noteContext(reviewId)),
      })),
    async list(who, { filter, after, most, today }) {
      const [, at, id] = (after === null ? null : CURSOR.exec(after)) ?? [];
      if (after !== null && (at === undefined || id === undefined)) throw new Refusal('invalid-value', 'no such place');
      const place = at === undefined || id === undefined ? null : { at: Number(at), id };
      const rows = await reviewsFor(database, who, { filter, after: place, most: most + 1, today });
      const last = rows.length > most ? rows[most - 1] : undefined;
      return {
        reviews: rows.slice(0, most).map(reviewOf),
        next: last ? `${filter === 'today' ? last.decided_at : last.due_at}.${last.id}` : null,
      };
    },
    counts: (who, now) => countFor(database, who, { now, most: COUNTED }),
    casesUnderReview: async () => (await casesUnderReview(database)).map((row) => row.case_id),
    kept: async (caseIds, now) =>
      new Set(caseIds.length === 0 ? [] : (await casesKept(database, caseIds, now)).map((row) => row.case_id)),
  };
}

const blank = (
  work: Work,
  row: Pick<ReviewRecord, 'id' | 'kind' | 'case_id' | 'service_id' | 'skills'>,
): ReviewRecord => ({
  ...row,
  document_id: null,
  first_staff: null,
  round: 1,
  state: 'open',
  since: work.now,
  sent_at: work.now,
  due_at: work.now,
  to_staff: null,
  taken_by: null,
  taken_until: null,
  decided_by: null,
  decided_at: null,
  reason: null,
  note: null,
  holder: null,
  code: null,
  kept_until: null,
});
