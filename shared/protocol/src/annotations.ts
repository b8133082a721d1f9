import { z } from 'zod';
import { notice, request } from './define.ts';
import { AnnotationId, CaseId, DocumentId } from './ids.ts';

/** Ten-thousandths of the page's width or height, so that a mark lies on the same spot on every screen. */
const Position = z.number().int().min(0).max(10_000);
export const Spot = z.tuple([Position, Position]);
export type Spot = z.infer<typeof Spot>;

/** The most spots of one line: a slow circle has about 60, and a message with 200 has under 3 kB. */
export const MAX_SPOTS = 200;
/** The most marks on one page, and on all pages of a case: more cannot be told apart. */
export const MAX_MARKS = { page: 60, case: 300 } as const;
export const MAX_LABEL = 60;

/** What is drawn on a page; a label is a few words of the agent's. */
export const Mark = z.discriminatedUnion('shape', [
  z.object({ shape: z.literal('line'), spots: z.array(Spot).min(2).max(MAX_SPOTS) }),
  z.object({ shape: z.literal('arrow'), from: Spot, to: Spot }),
  z.object({ shape: z.literal('box'), from: Spot, to: Spot }),
  z.object({ shape: z.literal('label'), at: Spot, text: z.string().trim().min(1).max(MAX_LABEL) }),
]);
export type Mark = z.infer<typeof Mark>;
export const MarkShape = z.enum(['line', 'arrow', 'box', 'label']);
export type MarkShape = z.infer<typeof MarkShape>;

/** Who drew it; each side has a colour of its own. */
export const MarkSide = z.enum(['agent', 'customer']);
export type MarkSide = z.infer<typeof MarkSide>;
export const Annotation = z.object({ annotationId: AnnotationId, by: MarkSide, mark: Mark });
export type Annotation = z.infer<typeof Annotation>;

const ofPage = z.object({ documentId: DocumentId, number: z.number().int().min(1) });
export const MarkedPage = ofPage;
export type MarkedPage = z.infer<typeof MarkedPage>;

/**
 * The marks on the pages of a case, a layer beside the pictures and never in them. A kiosk has the layer of the page
 * that it is shown, a desk all of its case's.
 */
export const AnnotationsView = z.object({
  /** The page that the agent shows to the customer in the running call. */
  shown: ofPage.nullable(),
  layers: z.array(ofPage.extend({ marks: z.array(Annotation) })),
});
export type AnnotationsView = z.infer<typeof AnnotationsView>;

/** A mark that the other side is still drawing: kept nowhere. */
export const Drawing = ofPage.extend({ annotationId: AnnotationId, by: MarkSide, mark: Mark });
export type Drawing = z.infer<typeof Drawing>;

export const annotationRequests = {
  /** The agent shows a page to the customer, beside the agent's picture; null: puts it away. `not-found` outside of a call about its case. */
  'annotation:show': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId, page: ofPage.nullable() }),
    out: z.object({}),
  }),
  /**
   * What is being drawn just now, as far as it has come, at most ten times a second; null: nothing any more. Told to the
   * other side of the call alone. `wrong-state` outside of a call, or on a page that is not shown.
   */
  'annotation:draw': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: false,
    in: ofPage.extend({ annotationId: AnnotationId, mark: Mark.nullable() }),
    out: z.object({}),
  }),
  /** A mark is done and kept. A kiosk marks the page that it is shown, `wrong-state` otherwise. `too-many-marks`; `not-allowed`: a label by a customer. The same id again: nothing. */
  'annotation:add': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: true,
    in: ofPage.extend({ annotationId: AnnotationId, mark: Mark }),
    out: z.object({}),
  }),
  /** Takes back this side's last mark on the page; none there: nothing. */
  'annotation:undo': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: true,
    in: ofPage,
    out: z.object({}),
  }),
  /** Takes all marks off the page; a customer only the customer's own. */
  'annotation:clear': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: true,
    in: ofPage,
    out: z.object({}),
  }),
};

export const annotationNotices = {
  'annotation:changed': notice({
    to: ['kiosk', 'agent', 'branch-staff', 'supervisor'],
    data: z.object({ annotations: AnnotationsView }),
  }),
  'annotation:drawing': notice({ to: ['kiosk', 'agent'], data: z.object({ drawing: Drawing.nullable() }) }),
};
