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

/** One captured picture; the newest is the one under review. */
export const Page = z.object({
  number: z.number().int().min(1),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
  capturedAt: Instant,
});

/** A document of a case. asked → captured → accepted | returned → captured …; the customer may say it is not at hand. */
export const DocumentView = z.object({
  documentId: DocumentId,
  caseId: CaseId,
  kind: DocumentKind,
  camera: CameraRole,
  askedAt: Instant,
  state: z.discriminatedUnion('at', [
    z.object({ at: z.literal('asked') }),
    z.object({ at: z.literal('captured'), since: Instant }),
    z.object({ at: z.literal('accepted'), since: Instant }),
    z.object({ at: z.literal('returned'), since: Instant, reason: ReturnReason, note: z.string() }),
    z.object({ at: z.literal('not-at-hand'), since: Instant }),
    z.object({ at: z.literal('withdrawn'), since: Instant }),
  ]),
  pages: z.array(Page),
});
export type DocumentView = z.infer<typeof DocumentView>;

/** Bytes, the most that one captured picture may have: a 12-megapixel JPEG at high quality fits. */
export const MAX_PAGE_BYTES = 12 * 1024 * 1024;

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
  /** The customer does not have it here. */
  'document:not-at-hand': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofDocument,
    out: z.object({}),
  }),
  'document:accept': request({ from: ['agent'], stage: 'ready', changes: true, in: ofDocument, out: z.object({}) }),
  /** Sends it back with a reason that the kiosk shows in the customer's language, and a note as typed. */
  'document:return': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofDocument.extend({ reason: ReturnReason, note: z.string().trim().max(300) }),
    out: z.object({}),
  }),
};

export const documentNotices = {
  'document:changed': notice({ to: ['kiosk', 'agent'], data: z.object({ documents: z.array(DocumentView) }) }),
};
