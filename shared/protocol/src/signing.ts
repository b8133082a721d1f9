import { z } from 'zod';
import { notice, request } from './define.ts';
import { Condition } from './forms.ts';
import { CaseId, Instant, PaperId } from './ids.ts';
import { Language } from './roles.ts';
import { Text } from './texts.ts';

/** Who puts a name under the customer's signature, each by an own login. */
export const Countersigner = z.enum(['agent', 'branch-staff']);
export type Countersigner = z.infer<typeof Countersigner>;

/** What a service's template of a paper is called in its file. */
const TemplateId = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

/**
 * An agreement or form of a service, as its data file has it: bilingual text with `{{field}}` in the place of what the
 * customer confirmed, `{{day}}` of the day it is made and `{{branch}}` of the branch.
 */
export const PaperTemplate = z.strictObject({
  id: TemplateId,
  title: Text,
  /** Only those sign it whose values fulfil this. */
  when: Condition.optional(),
  countersign: z.array(Countersigner).min(1).max(2).default(['agent']),
  sections: z
    .array(z.strictObject({ heading: Text, paragraphs: z.array(Text).min(1).max(20) }))
    .min(1)
    .max(20),
});
export type PaperTemplate = z.infer<typeof PaperTemplate>;

/** What stands on a paper, filled in, in the language of the case. */
export const PaperText = z.object({
  title: z.string(),
  sections: z.array(z.object({ heading: z.string(), paragraphs: z.array(z.string()) })),
});
export type PaperText = z.infer<typeof PaperText>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Bytes, the most that one message of a signature may take is 64 kB: a name has a few hundred points. */
const MOST_POINTS = 2_500;
/** `[x, y, t, p]`: tenths of a CSS pixel from the pad's corner, ms since the pen first touched it, pressure 0 to 1000. */
const Point = z.tuple([
  z.number().int().min(-100_000).max(100_000),
  z.number().int().min(-100_000).max(100_000),
  z.number().int().min(0).max(3_600_000),
  z.number().int().min(0).max(1_000),
]);
/** What the customer drew. Kept encrypted as evidence, and never told again. */
export const Signature = z
  .object({
    /** CSS pixels. */
    pad: z.object({
      width: z.number().int().min(100).max(10_000),
      height: z.number().int().min(50).max(10_000),
    }),
    strokes: z.array(z.array(Point).min(1)).min(1).max(200),
  })
  .refine(({ strokes }) => strokes.reduce((sum, { length }) => sum + length, 0) <= MOST_POINTS, 'too many points');
export type Signature = z.infer<typeof Signature>;

/** Of the pad's height: what is smaller, or shorter as a line, is a dot or a slip of the finger and no name. */
const LEAST_SIZE = 0.15;
const LEAST_LINE = 0.5;

/** Why a drawing is no signature; null: it may be one. Two dots, and one that was only touched, are none. */
export function signatureFault({ pad, strokes }: Signature): 'too-small' | null {
  const points = strokes.flat();
  const spread = (axis: 0 | 1) => {
    const along = points.map((point) => point[axis]);
    return (Math.max(...along) - Math.min(...along)) / 10;
  };
  const line = strokes.reduce(
    (sum, stroke) =>
      sum +
      stroke.reduce((length, [x, y], i) => {
        const [beforeX, beforeY] = stroke[i - 1] ?? [x, y];
        return length + Math.hypot(x - beforeX, y - beforeY) / 10;
      }, 0),
    0,
  );
  const small = Math.max(spread(0), spread(1)) < LEAST_SIZE * pad.height;
  return small || line < LEAST_LINE * pad.height ? 'too-small' : null;
}

/**
 * How far a paper is: made → shown → read → signed → confirmed → sealing → sealed. `furthest`: per cent of it that was on
 * the screen. `sha256`: of what the customer sees with the signature on it, or of the sealed file.
 */
export const PaperState = z.discriminatedUnion('at', [
  z.object({ at: z.literal('made') }),
  z.object({ at: z.literal('shown'), furthest: z.number().int().min(0).max(100) }),
  z.object({ at: z.literal('read'), how: z.enum(['scrolled', 'aloud']) }),
  z.object({ at: z.literal('signed'), since: Instant, sha256: Sha256 }),
  z.object({ at: z.literal('confirmed'), since: Instant, sha256: Sha256, waitsFor: z.array(Countersigner) }),
  /** `attempts`: how often the time-stamp authority was asked in vain. */
  z.object({ at: z.literal('sealing'), since: Instant, attempts: z.number().int() }),
  /** `stampedAt` null: no time-stamp authority is configured. */
  z.object({ at: z.literal('sealed'), since: Instant, sha256: Sha256, stampedAt: Instant.nullable() }),
  z.object({ at: z.literal('refused'), since: Instant }),
  z.object({ at: z.literal('withdrawn'), since: Instant }),
]);
export type PaperState = z.infer<typeof PaperState>;

/** A paper of a case. A receipt is sealed without anybody's signature. */
export const PaperView = z.object({
  paperId: PaperId,
  caseId: CaseId,
  kind: z.enum(['agreement', 'receipt']),
  /** The template's id; null: a receipt. */
  template: z.string().nullable(),
  title: z.string(),
  language: Language,
  madeAt: Instant,
  /** Of the PDF without a signature, which the customer reads: what is signed is bound to it. */
  sha256: Sha256,
  pages: z.number().int(),
  state: PaperState,
  countersigned: z.array(z.object({ as: Countersigner, name: z.string(), at: Instant })),
  /** To be read at the kiosk, until it is signed; null everywhere else. */
  text: PaperText.nullable(),
  /** The kiosk at which it is signed, for branch staff. */
  kiosk: z.string(),
});
export type PaperView = z.infer<typeof PaperView>;

const ofPaper = z.object({ paperId: PaperId });
/** `sha256`: what the asking screen shows. `conflict` when that is no longer so. */
const ofShown = ofPaper.extend({ sha256: Sha256 });

export const signingRequests = {
  /**
   * Makes a paper from what the customer confirmed, and shows it at the kiosk. An open one of the same template is taken
   * back. `wrong-state` before the customer confirmed, `not-found` when the service has no such paper for these values.
   */
  'signing:make': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId, template: TemplateId }),
    out: ofPaper,
  }),
  'signing:withdraw': request({ from: ['agent'], stage: 'ready', changes: true, in: ofPaper, out: z.object({}) }),
  /** How much of it was on the kiosk's screen by now, in per cent; 100: it was read to its end. */
  'signing:progress': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofShown.extend({ furthest: z.number().int().min(0).max(100) }),
    out: z.object({}),
  }),
  /** The agent has read it aloud to the end: for a customer in the elder mode only, `wrong-state` for others. */
  'signing:read-aloud': request({ from: ['agent'], stage: 'ready', changes: true, in: ofShown, out: z.object({}) }),
  /**
   * The customer signs what was read. `invalid-value`: no signature (see `signatureFault`); `wrong-state`: not read to the
   * end; `conflict`: the paper is another than the one that was shown, or what it says was changed.
   */
  'signing:sign': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofShown.extend({ signature: Signature }),
    out: z.object({}),
  }),
  /** The customer does not like the signature: back to signing. */
  'signing:anew': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofPaper, out: z.object({}) }),
  /** The customer has seen the signed paper and says yes. `conflict`: it is another than the one on the screen. */
  'signing:confirm': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofShown, out: z.object({}) }),
  /** The customer does not sign it. */
  'signing:refuse': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofPaper, out: z.object({}) }),
  /**
   * Puts the asking person's name under it, `as` the role that the template asks for. `not-allowed` without that role,
   * `wrong-state` when it is not waited for.
   */
  'signing:countersign': request({
    from: ['agent', 'branch-staff'],
    stage: 'ready',
    changes: true,
    in: ofShown.extend({ as: Countersigner }),
    out: z.object({}),
  }),
};

export const signingNotices = {
  'signing:changed': notice({
    to: ['kiosk', 'agent', 'branch-staff'],
    data: z.object({ papers: z.array(PaperView) }),
  }),
};
