import type { RefuseReason, ReviewAt, ReviewEvent, ReviewFilter, ReviewKind } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import type { Reviewer } from './review-state.ts';
import { createReviews } from './reviews.ts';

export type { Reviewer } from './review-state.ts';

export type ReviewFact = {
  kind: `review.${ReviewEvent['what']}`;
  about: { reviewId: string; caseId: string; documentId?: string };
  data?: Record<string, string | number | boolean | null>;
};

/** A review as others need it; notes and code in plain, for whoever may see them. */
export type Review = {
  reviewId: string;
  kind: ReviewKind;
  caseId: string;
  documentId: string | null;
  firstStaff: string | null;
  round: number;
  serviceId: string;
  at: ReviewAt;
  since: number;
  sentAt: number;
  dueAt: number;
  skills: Record<string, number>;
  toStaff: string | null;
  takenBy: string | null;
  takenUntil: number | null;
  decidedBy: string | null;
  decidedAt: number | null;
  reason: RefuseReason | null;
  note: string;
  holder: string | null;
  code: string;
  keptUntil: number;
};
export type HistoryLine = {
  at: number;
  staffId: string | null;
  what: ReviewEvent['what'];
  detail: string | null;
  note: string;
};

/**
 * What is to be reviewed without a call. Whoever acts on a review must have taken it: `not-found` for others, and
 * `wrong-state` when nothing is to be decided any more. Every change locks its review first.
 */
export type Reviews = {
  /** A case comes into the work list. `code` brings it back; both are kept until `keptUntil`. */
  sendAhead(
    work: Work,
    wish: {
      reviewId: string;
      caseId: string;
      serviceId: string;
      skills: Record<string, number>;
      dueAt: number;
      keptUntil: number;
      code: string;
      holder: string | null;
    },
  ): Promise<void>;
  /** A returned case comes again; whoever returned it has no part in it any more. */
  sendAgain(
    work: Work,
    caseId: string,
    wish: { skills: Record<string, number>; dueAt: number; holder: string | null },
  ): Promise<void>;
  /** A document that somebody accepted is to be seen by a second person. The same round again: nothing. */
  openSecond(
    work: Work,
    wish: {
      caseId: string;
      documentId: string;
      round: number;
      serviceId: string;
      skills: Record<string, number>;
      firstStaff: string;
    },
  ): Promise<void>;
  /** `taken-by-other`, `same-person`, `not-allowed`, `wrong-state`. Taking what one has: nothing. */
  take(work: Work, reviewId: string, who: Reviewer): Promise<void>;
  release(work: Work, reviewId: string, staffId: string): Promise<void>;
  /** What this person has taken stays theirs; how many. */
  keep(work: Work, staffId: string): Promise<number>;
  /** What nobody gave a sign of life for is open again. */
  lapse(work: Work): Promise<void>;
  /** The review, locked, which this person has taken; `not-found`. */
  held(work: Work, reviewId: string, staffId: string): Promise<Review>;
  /** Something was done to one of its documents. */
  note(
    work: Work,
    reviewId: string,
    what: { staffId: string; what: ReviewEvent['what']; detail: string; note?: string },
  ): Promise<void>;
  decide(
    work: Work,
    reviewId: string,
    decision: {
      staffId: string;
      is: 'accepted' | 'second' | 'returned' | 'refused';
      reason?: RefuseReason;
      note: string;
    },
  ): Promise<void>;
  handOn(
    work: Work,
    reviewId: string,
    wish: { staffId: string; toStaff: string | null; skills: Record<string, number>; detail: string; note: string },
  ): Promise<void>;
  /** The last second reviewer of a case sent ahead has decided. `staffId`: who. Nothing for a case that does not wait for it. */
  seconded(work: Work, caseId: string, outcome: { staffId: string; accepted: boolean }): Promise<void>;
  /** It is gone on with at a kiosk. */
  continued(work: Work, caseId: string): Promise<void>;
  /** Nobody needs a decision on this case, or on this document of it, any more. */
  withdraw(work: Work, of: { caseId: string; documentId?: string }): Promise<void>;
  /** The phone that has it from here on. */
  hold(work: Work, caseId: string, holder: string): Promise<void>;

  byId(reviewId: string): Promise<Review | null>;
  /** The review of a case sent ahead; null: it never was. `work`: locked. */
  ahead(caseId: string, work?: Work): Promise<Review | null>;
  ofCase(caseId: string): Promise<Review[]>;
  /** What this person has taken now. */
  takenBy(staffId: string): Promise<Review[]>;
  history(reviewId: string): Promise<HistoryLine[]>;
  list(
    who: Reviewer,
    wish: { filter: ReviewFilter; after: string | null; most: number; today: number },
  ): Promise<{ reviews: Review[]; next: string | null }>;
  counts(who: Reviewer, now: number): Promise<{ open: number; mine: number; overdue: number }>;
  /** Cases with a review that is not over. */
  casesUnderReview(): Promise<string[]>;
  /** Those of these cases that are kept for their customer. */
  kept(caseIds: readonly string[], now: number): Promise<ReadonlySet<string>>;
};

export const reviewsSchema = { schema: 'reviews', dir: new URL('./migrations/', import.meta.url) };

export const openReviews = (needs: { database: Database; keys: Keys }): Reviews => createReviews(needs);
