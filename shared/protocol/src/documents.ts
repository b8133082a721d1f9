import { z } from 'zod';
import { notice, request } from './define.ts';
import { CaseId, DocumentId, Instant } from './ids.ts';
import { CameraRole, DocumentKind, StepId } from './services.ts';

export const ReturnReason = z.enum([
  'blurred',
  'too-dark',
  'glare',
  'cut-off',
  'wrong-document',
  'expired-document',
  'other',
]);
export type ReturnReason = z.infer<typeof ReturnReason>;

/** Ten-thousandths of the page's width and height. */
const Position = z.number().int().min(0).max(10_000);
/** A part of a page that is not for everybody's eyes. */
export const MaskedArea = z
  .object({ x: Position, y: Position, width: Position, height: Position })
  .refine(({ x, y, width, height }) => width > 0 && height > 0 && x + width <= 10_000 && y + height <= 10_000);
export type MaskedArea = z.infer<typeof MaskedArea>;
/** The most areas that are covered on one page. */
export const MAX_MASKS = 30;

/** One page of a document. A document that was sent back is captured again, in a further round; the last is under review. */
export const Page = z.object({
  number: z.number().int().min(1),
  round: z.number().int().min(1),
  /** Pixels of the picture that is shown first: straightened where its edges were found, else as it was taken. */
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
  capturedAt: Instant,
  straightened: z.boolean(),
  /** Pixels of the picture as it was taken, which is kept beside the straightened one. */
  taken: z.object({ width: z.number().int(), height: z.number().int() }),
  /** Gone from the pixels that anybody gets but the agent who leads the call; of the picture that is shown first. */
  masks: z.array(MaskedArea),
});
export type Page = z.infer<typeof Page>;

/** Which of a page's pictures: `best` is straightened where there is such a one; a thumbnail is at most 320 pixels wide and high. */
export const PageShape = z.enum(['best', 'taken', 'thumbnail']);
export type PageShape = z.infer<typeof PageShape>;

/** Why somebody looks at a page; kept with each look. */
export const LookReason = z.enum(['review', 'compare', 'again', 'shown', 'pre-review', 'second-review']);
export type LookReason = z.infer<typeof LookReason>;
/** One look at a page, as the journal has it. */
export const Look = z.object({
  at: Instant,
  by: z.object({ kind: z.enum(['kiosk', 'staff', 'system']), name: z.string() }),
  page: z.number().int(),
  shape: z.string(),
  /** null: from before reasons were kept. */
  why: z.string().nullable(),
  masked: z.boolean(),
});
export type Look = z.infer<typeof Look>;
/** Seconds for which a picture that was asked for may be looked at; then it is asked for anew. */
export const VIEW_SECONDS = 300;
/** The most looks that are listed at once, the newest. */
export const MAX_LOOKS = 200;

/** How far an upload has come, as the sender asks for it: from byte `received` on it goes on. */
export const UploadState = z.object({ received: z.number().int(), done: z.boolean() });
export type UploadState = z.infer<typeof UploadState>;

/**
 * A document of a case. asked → (collecting →) captured → accepted | returned → captured …; the customer may say it is not
 * at hand. `provisional`: accepted by one, and a second reviewer is to look at it.
 */
export const DocumentView = z.object({
  documentId: DocumentId,
  caseId: CaseId,
  kind: DocumentKind,
  camera: CameraRole,
  askedAt: Instant,
  state: z.discriminatedUnion('at', [
    z.object({ at: z.literal('asked') }),
    /** Some pages have come, and the customer takes more. */
    z.object({ at: z.literal('collecting'), since: Instant }),
    z.object({ at: z.literal('captured'), since: Instant }),
    z.object({ at: z.literal('provisional'), since: Instant }),
    z.object({ at: z.literal('accepted'), since: Instant }),
    z.object({ at: z.literal('returned'), since: Instant, reason: ReturnReason, note: z.string() }),
    z.object({ at: z.literal('not-at-hand'), since: Instant }),
    z.object({ at: z.literal('withdrawn'), since: Instant }),
  ]),
  /** Of all rounds, in the order they came. */
  pages: z.array(Page),
  /** A page is on its way: bytes that have come, of so many; null: none. */
  arriving: z.object({ received: z.number().int(), size: z.number().int() }).nullable(),
});
export type DocumentView = z.infer<typeof DocumentView>;

/** Bytes, the most that one captured picture or file may have: a 12-megapixel JPEG at high quality fits. */
export const MAX_PAGE_BYTES = 12 * 1024 * 1024;
/** The most pages that a document may have in one round, and that a PDF may have. */
export const MAX_PAGES = 100;

const MANY_PAGES: ReadonlySet<DocumentKind> = new Set([
  'proof-of-address',
  'business-licence',
  'contract',
  'bill',
  'income-proof',
  'other',
]);
/** Cards have their sides as documents of their own; papers have as many pages as they have. */
export const mayHavePages = (kind: DocumentKind): boolean => MANY_PAGES.has(kind);

/** The documents that the customer still has to photograph, the longest asked first: that one is on the kiosk's screen. */
export const documentsToTake = (documents: readonly DocumentView[]): DocumentView[] =>
  documents
    .filter(({ state }) => state.at === 'asked' || state.at === 'collecting' || state.at === 'returned')
    .toSorted((a, b) => a.askedAt - b.askedAt);

const ofDocument = z.object({ documentId: DocumentId });

export const documentRequests = {
  /** Asks the customer for a picture of a document with a named camera. An open ask of the same kind is answered with it. */
  'document:ask': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId, kind: DocumentKind, camera: CameraRole }),
    out: z.object({ documentId: DocumentId }),
  }),
  /** The customer alone wants to photograph the document of one of the service's capture steps. */
  'document:begin': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId, step: StepId }),
    out: z.object({ documentId: DocumentId }),
  }),
  /** The customer alone puts it off; only what was not asked for by somebody. */
  'document:put-off': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofDocument, out: z.object({}) }),
  /** Takes an ask back. */
  'document:withdraw': request({ from: ['agent'], stage: 'ready', changes: true, in: ofDocument, out: z.object({}) }),
  /** The pages that have come are all; `wrong-state` without one. */
  'document:done': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofDocument, out: z.object({}) }),
  /** The customer does not have it here. */
  'document:not-at-hand': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofDocument,
    out: z.object({}),
  }),
  /**
   * `second`: a second reviewer is to look at it, too. Where the service asks for one, it is provisional in any case, and
   * nothing is confirmed, signed or carried out before the second has decided (`under-review`).
   */
  'document:accept': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofDocument.extend({ second: z.boolean().optional() }),
    out: z.object({}),
  }),
  /** Sends it back with a reason that the kiosk shows in the customer's language, and a note as typed. */
  'document:return': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofDocument.extend({ reason: ReturnReason, note: z.string().trim().max(300) }),
    out: z.object({}),
  }),
  /** Covers these areas of a page for everybody but the agent who leads the call, in the place of those covered before. */
  'document:mask': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofDocument.extend({ number: z.number().int().min(1), areas: z.array(MaskedArea).max(MAX_MASKS) }),
    out: z.object({}),
  }),
  /** Who has looked at it, newest first. An agent: of a case on the own desk or under own review, `not-found` otherwise. */
  'document:looks': request({
    from: ['agent', 'supervisor', 'approver', 'inspector'],
    stage: 'ready',
    changes: false,
    in: ofDocument,
    out: z.object({ looks: z.array(Look).max(MAX_LOOKS) }),
  }),
};

export const documentNotices = {
  'document:changed': notice({
    to: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    data: z.object({ documents: z.array(DocumentView) }),
  }),
};
