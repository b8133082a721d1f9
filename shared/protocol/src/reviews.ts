import { z } from 'zod';
import { DeskValue, RevealReason } from './cases.ts';
import { notice, request } from './define.ts';
import { DocumentView, ReturnReason } from './documents.ts';
import { CaseId, DocumentId, Instant, ReviewId, StaffId } from './ids.ts';
import { ReadingView } from './reading.ts';
import { RefuseReason } from './reviews-ahead.ts';
import { Language } from './roles.ts';
import { DocumentKind, Service, ServiceIconName } from './services.ts';
import { Text } from './texts.ts';

/** `ahead`: a whole case sent ahead, without a call. `second`: one document that somebody else accepted first. */
export const ReviewKind = z.enum(['ahead', 'second']);
export type ReviewKind = z.infer<typeof ReviewKind>;

/**
 * open → taken → (open again: put back, handed on, or its reviewer vanished) → accepted | returned | refused. A case sent
 * ahead that was accepted while a second reviewer still looks at one of its documents is `second`, and one that was
 * returned is open again when its customer has sent it again. `withdrawn`: nobody's decision is needed any more.
 */
export const ReviewAt = z.enum(['open', 'taken', 'second', 'returned', 'accepted', 'refused', 'withdrawn']);
export type ReviewAt = z.infer<typeof ReviewAt>;

/** ms for which a review is its taker's without a sign of life; then it falls back into the list. */
export const REVIEW_HELD_MS = 5 * 60_000;
/** The longest note of a reviewer. */
export const MAX_REVIEW_NOTE = 500;

/** One row of the work list. */
export const ReviewRow = z.object({
  reviewId: ReviewId,
  kind: ReviewKind,
  at: ReviewAt,
  service: z.object({ title: Text, icon: ServiceIconName }),
  /** The company, or the person where the form asks for none. */
  who: z.string(),
  /** Of a second review. */
  document: DocumentKind.nullable(),
  /** How often it was sent. */
  round: z.number().int(),
  sentAt: Instant,
  dueAt: Instant,
  /** Skills and levels that it asks of an agent; an approver needs none. */
  skills: z.record(z.string(), z.number().int()),
  /** Handed to one person by name. */
  to: z.string().nullable(),
  taken: z.object({ by: z.string(), mine: z.boolean() }).nullable(),
  decided: z.object({ by: z.string(), at: Instant }).nullable(),
});
export type ReviewRow = z.infer<typeof ReviewRow>;

/** What happened to a review, the oldest first. */
export const ReviewEvent = z.object({
  at: Instant,
  /** null: the customer, or the clock. */
  by: z.string().nullable(),
  what: z.enum([
    'sent',
    'sent-again',
    'taken',
    'released',
    'lapsed',
    'handed-on',
    'document-accepted',
    'document-returned',
    'document-asked',
    'accepted',
    'second-done',
    'returned',
    'refused',
    'withdrawn',
    'continued',
  ]),
  /** To whom or to which skill it was handed, or which kind of document it was. */
  detail: z.string().nullable(),
  note: z.string(),
});
export type ReviewEvent = z.infer<typeof ReviewEvent>;

/** A review as the person sees it who has taken it. */
export const ReviewView = ReviewRow.extend({
  caseId: CaseId,
  /** Of `second`: the one document; the other papers of the case are not this reviewer's matter. */
  documentId: DocumentId.nullable(),
  language: Language,
  takenUntil: Instant.nullable(),
  service: Service,
  values: z.array(DeskValue),
  documents: z.array(DocumentView),
  readings: z.array(ReadingView),
  history: z.array(ReviewEvent),
});
export type ReviewView = z.infer<typeof ReviewView>;

export const ReviewFilter = z.enum(['open', 'mine', 'today']);
export type ReviewFilter = z.infer<typeof ReviewFilter>;
export const REVIEWS_A_PAGE = 50;

/** How many reviews are there for this person; at most 100 are counted. */
export const ReviewCounts = z.object({
  open: z.number().int(),
  mine: z.number().int(),
  overdue: z.number().int(),
});
export type ReviewCounts = z.infer<typeof ReviewCounts>;

/** What the agent who leads a call must know of reviews of its case. */
export const DeskReviews = z.object({
  ahead: z.object({ by: z.string(), at: Instant, note: z.string(), documents: z.number().int() }).nullable(),
  /** The newest second review of each document. */
  second: z.array(
    z.object({
      documentId: DocumentId,
      at: ReviewAt.exclude(['second', 'refused']),
      by: z.string().nullable(),
      since: Instant,
    }),
  ),
});
export type DeskReviews = z.infer<typeof DeskReviews>;
/** All of reviews that one person's screen shows live. */
export const StaffReviews = z.object({ counts: ReviewCounts.nullable(), desk: DeskReviews.nullable() });
export type StaffReviews = z.infer<typeof StaffReviews>;

const ofReview = z.object({ reviewId: ReviewId });
const note = z.string().trim().max(MAX_REVIEW_NOTE);
/** `seen`: the round of pages that was looked at; `conflict` when a newer one has come. */
const ofDocument = ofReview.extend({ documentId: DocumentId, seen: z.number().int().min(1) });

const reviewer = { from: ['agent', 'approver'], stage: 'ready' } as const;

export const reviewRequests = {
  /**
   * The customer sends a case ahead, or again: it goes off this device, and into the work list. `invalid-value` while a
   * picture is missing, `wrong-state` where the service is not for it or the case stands elsewhere. The code is the same
   * as before when it was sent before.
   */
  'review:send-ahead': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId }),
    out: z.object({ code: z.string(), dueAt: Instant, keptUntil: Instant }),
  }),
  /** A returned case comes back to the phone that sent it or took its code. */
  'review:fetch-back': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId }),
    out: z.object({}),
  }),
  /** The customer no longer wants it: the case is closed. Only from the phone that sent it or took its code. */
  'review:withdraw': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId }),
    out: z.object({}),
  }),

  /** One page of the reviews that this person may do: open ones the most urgent first, decided ones the newest first. */
  'review:list': request({
    ...reviewer,
    changes: false,
    in: z.object({ filter: ReviewFilter, after: z.string().max(80).nullable() }),
    out: z.object({ rows: z.array(ReviewRow).max(REVIEWS_A_PAGE), next: z.string().nullable() }),
  }),
  /** The whole of a review that this person has taken; null: it is not theirs (any more). */
  'review:view': request({
    ...reviewer,
    changes: false,
    in: ofReview,
    out: z.object({ review: ReviewView.nullable() }),
  }),
  /**
   * `taken-by-other` when somebody was faster, `same-person` for who accepted the document first, `not-allowed` without
   * the skill, `wrong-state` in a call or when nothing is to be decided any more.
   */
  'review:take': request({ ...reviewer, changes: true, in: ofReview, out: z.object({}) }),
  /** Puts it back into the list. */
  'review:release': request({ ...reviewer, changes: true, in: ofReview, out: z.object({}) }),
  /** A sign of life: whatever this person has taken stays theirs. */
  'review:keep': request({ ...reviewer, changes: true, in: z.object({}), out: z.object({ kept: z.number().int() }) }),
  /** Of a second review: the decision. */
  'review:accept-document': request({ ...reviewer, changes: true, in: ofDocument, out: z.object({}) }),
  /** With a reason that the kiosk shows in the customer's language, and a note as typed. Of a second review: the decision. */
  'review:return-document': request({
    ...reviewer,
    changes: true,
    in: ofDocument.extend({ reason: ReturnReason, note: z.string().trim().max(300) }),
    out: z.object({}),
  }),
  /** Asks for a paper that was not sent. */
  'review:ask-document': request({
    ...reviewer,
    changes: true,
    in: ofReview.extend({ kind: DocumentKind }),
    out: z.object({}),
  }),
  /** Asked for by mistake: taken back. */
  'review:unask-document': request({
    ...reviewer,
    changes: true,
    in: ofReview.extend({ documentId: DocumentId }),
    out: z.object({}),
  }),
  /**
   * The decision on a case sent ahead. `accepted` when every document is; `returned` when one is sent back or asked for;
   * `wrong-state` otherwise. `seen`: the round that was looked at.
   */
  'review:decide': request({
    ...reviewer,
    changes: true,
    in: ofReview.extend({
      seen: z.number().int().min(1),
      decision: z.discriminatedUnion('is', [
        z.object({ is: z.literal('accepted'), note }),
        z.object({ is: z.literal('returned'), note }),
        z.object({ is: z.literal('refused'), reason: RefuseReason, note }),
      ]),
    }),
    out: z.object({}),
  }),
  /** To a skill or to one person, with a note for whoever takes it next. */
  'review:hand-on': request({
    ...reviewer,
    changes: true,
    in: ofReview.extend({
      to: z.union([z.object({ skill: z.string().min(1).max(41) }), z.object({ staffId: StaffId })]),
      note: note.min(1),
    }),
    out: z.object({}),
  }),
  /** To whom it can be handed on. */
  'review:colleagues': request({
    ...reviewer,
    changes: false,
    in: ofReview,
    out: z.object({
      people: z.array(z.object({ staffId: StaffId, name: z.string() })),
      skills: z.array(z.string()),
    }),
  }),
  /** Shows one masked value; journalled with the reason. */
  'review:reveal': request({
    ...reviewer,
    changes: true,
    in: ofReview.extend({ name: z.string().min(1).max(41), reason: RevealReason }),
    out: z.object({ value: z.string() }),
  }),
};

export const reviewNotices = {
  'review:changed': notice({ to: ['agent', 'approver'], data: z.object({ reviews: StaffReviews }) }),
};
