import { z } from 'zod';
import { notice, request } from './define.ts';
import { CaseId, Instant, ServiceId } from './ids.ts';
import { Language } from './roles.ts';
import { CameraRole, CaseService, ConsentVersion, DocumentKind, Service, ShownConsent, StepId } from './services.ts';
import { DataClass, Text } from './texts.ts';

/**
 * Where a case is: consent → alone → waiting → serving → confirming → confirmed → rating → closed. `alone` is the
 * customer at the service's steps without anybody, also after leaving the queue; a service that needs nobody goes from
 * there to the rating.
 */
export const CaseAt = z.enum(['consent', 'alone', 'waiting', 'serving', 'confirming', 'confirmed', 'rating', 'closed']);
export type CaseAt = z.infer<typeof CaseAt>;

/**
 * How a kiosk speaks to its customer, one more than the other: as usual, in large print, or for the elderly: large print,
 * few choices a screen, plain words, slow speech, more time, and a person first.
 */
export const Print = z.enum(['normal', 'large', 'elder']);
export type Print = z.infer<typeof Print>;

/**
 * Where a value comes from: typed by the customer or the agent, read by a device from a card (`reader`), read from a
 * picture (`ocr`), or known to the bank.
 */
export const Origin = z.enum(['customer', 'agent', 'reader', 'ocr', 'bank']);
export type Origin = z.infer<typeof Origin>;

/**
 * The number of a value's last change, rising within a case: who changes a value says up to which one was seen, and is
 * refused with `conflict` when there is a newer one.
 */
export const Revision = z.number().int().min(0);

/** A value as the customer at the kiosk sees it: always plain. `changed`: in the call, and not confirmed yet. */
export const KioskValue = z.object({
  name: z.string(),
  value: z.string(),
  origin: Origin,
  revision: Revision,
  changed: z.object({ before: z.string() }).nullable(),
});

/** What the bank's core did for a case: its text as the customer agreed to it, the bank's reference, and what it adds by name. */
export const CarriedOut = z.object({
  text: z.string(),
  reference: z.string(),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  doneAt: Instant,
  simulated: z.boolean(),
});
export type CarriedOut = z.infer<typeof CarriedOut>;

/** How far an order to the bank's core is. */
export const OrderState = z.discriminatedUnion('at', [
  z.object({ at: z.literal('under-way'), since: Instant, attempts: z.number().int() }),
  z.object({ at: z.literal('done'), reference: z.string() }),
  z.object({ at: z.literal('refused'), reason: z.string() }),
  z.object({ at: z.literal('stuck') }),
]);
export type OrderState = z.infer<typeof OrderState>;

/** The step at which a customer alone stands, with what its screen shows. */
export const AloneStep = z.discriminatedUnion('kind', [
  /**
   * `fields`: those that this step asks for. `known`: some of them the bank may know, and was not asked yet
   * (`case:fetch-known`).
   */
  z.object({
    kind: z.literal('form'),
    id: StepId,
    title: Text.nullable(),
    fields: z.array(z.string()),
    known: z.boolean(),
  }),
  z.object({ kind: z.literal('explain'), id: StepId, title: Text, script: Text }),
  z.object({
    kind: z.literal('capture'),
    id: StepId,
    title: Text,
    script: Text,
    document: DocumentKind,
    camera: CameraRole,
  }),
  /** The answers come by their places; what they are worth stays with the bank. */
  z.object({
    kind: z.literal('risk-assessment'),
    id: StepId,
    title: Text,
    questions: z.array(z.object({ text: Text, answers: z.array(Text) })),
  }),
  /** `text` is what the customer agrees to, filled in, in the language of the case. */
  z.object({ kind: z.literal('confirm'), id: StepId, title: Text, script: Text, text: z.string() }),
  /**
   * Who it is, by a code sent to the phone that the bank knows. `sent` is null until one was sent; `to` are the phone's
   * last digits. `simulated`: what a simulated phone received, shown as such.
   */
  z.object({
    kind: z.literal('identify'),
    id: StepId,
    title: Text,
    script: Text,
    sent: z.object({ to: z.string(), at: Instant, expiresAt: Instant, triesLeft: z.number().int() }).nullable(),
    simulated: z.string().nullable(),
  }),
  /** The bank's core does it, and nothing is left to press until it answers. */
  z.object({
    kind: z.literal('carry-out'),
    id: StepId,
    title: Text,
    state: z.discriminatedUnion('at', [
      z.object({ at: z.literal('under-way'), since: Instant, attempts: z.number().int() }),
      z.object({ at: z.literal('refused'), reason: z.string() }),
      z.object({ at: z.literal('stuck') }),
    ]),
    simulated: z.boolean(),
  }),
  /** What was done, with the bank's reference and what it adds, by name. */
  CarriedOut.extend({ kind: z.literal('receipt'), id: StepId, title: Text }),
  /**
   * On the customer's phone nothing more can be done but photographing what will be needed (`captures`): the rest is
   * done at a kiosk, where the case goes by a code.
   */
  z.object({
    kind: z.literal('hand-over'),
    id: StepId,
    captures: z.array(z.object({ step: StepId, title: Text, document: DocumentKind })),
  }),
  /**
   * Form and papers can be sent ahead, and are reviewed without a call, within `dueMinutes`. `captures`: the pictures that
   * must be there. `returned`: it was sent, and came back with these words of the reviewer; null: not yet sent.
   */
  z.object({
    kind: z.literal('ahead'),
    id: StepId,
    captures: z.array(z.object({ step: StepId, title: Text, document: DocumentKind })),
    dueMinutes: z.number().int(),
    returned: z.object({ at: Instant, note: z.string() }).nullable(),
  }),
  /** From here on somebody has to be there. `reviewedAt`: what was sent ahead was accepted then. */
  z.object({
    kind: z.literal('person'),
    id: StepId,
    needs: z.enum(['agent', 'branch-staff']),
    reviewedAt: Instant.nullable(),
  }),
  /** What was answered does not fulfil what the service asks: it ends here, and the customer is told why. */
  z.object({ kind: z.literal('stopped'), id: StepId, title: Text, why: Text }),
]);
export type AloneStep = z.infer<typeof AloneStep>;

/** The case as its customer sees it. */
export const KioskCase = z.object({
  caseId: CaseId,
  at: CaseAt,
  service: CaseService,
  /** Only while `alone`. */
  step: AloneStep.nullable(),
  /** How far the customer alone has come: steps done, of all that these values ask for. */
  way: z.object({ done: z.number().int(), all: z.number().int() }),
  /** Who has to be there for what follows the step. */
  after: z.enum(['nobody', 'agent', 'branch-staff']),
  /** Who of the branch's staff has a teller called for the customer, who consents or waits just now. */
  calledBy: z.string().nullable(),
  language: Language,
  print: Print,
  consented: z.boolean(),
  values: z.array(KioskValue),
  /** What the agent wrote for the customer to confirm; only while `confirming` and after. */
  summary: z.string().nullable(),
  /** What was carried out in a call, to the end of the case. */
  receipt: CarriedOut.nullable(),
});
export type KioskCase = z.infer<typeof KioskCase>;

/** A value as an agent sees it: C2 masked until revealed with a reason. */
export const DeskValue = z.object({
  name: z.string(),
  class: DataClass,
  shown: z.string(),
  masked: z.boolean(),
  enteredAt: Instant,
  origin: Origin,
  revision: Revision,
  /** false: the customer has not said yes or no to what was changed in the call. */
  settled: z.boolean(),
});

/** The case as the agent at the desk sees it. */
export const DeskCase = z.object({
  caseId: CaseId,
  at: CaseAt,
  service: Service.extend({ consent: ShownConsent }),
  language: Language,
  print: Print,
  openedAt: Instant,
  consent: z.object({ version: z.string(), givenAt: Instant }).nullable(),
  values: z.array(DeskValue),
  /** Ids of the service's steps that the agent has ticked. */
  ticked: z.array(z.string()),
  summary: z.string().nullable(),
  /** What was ordered from the bank's core; null: nothing yet. */
  order: OrderState.nullable(),
});
export type DeskCase = z.infer<typeof DeskCase>;

export const RevealReason = z.enum(['verify-identity', 'customer-asks', 'correct-entry', 'compliance-check']);
export type RevealReason = z.infer<typeof RevealReason>;

const ofCase = z.object({ caseId: CaseId });

export const caseRequests = {
  /** Begins a case at this kiosk. An unfinished case of the same kiosk is closed as abandoned. */
  'case:start': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ serviceId: ServiceId, language: Language, print: Print }),
    out: z.object({ caseId: CaseId }),
  }),
  /** Changes language or print of the running case. */
  'case:present': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ language: Language, print: Print }),
    out: z.object({}),
  }),
  /** Stores that the customer agreed to this version of the text. `wrong-state` if another version is in force. */
  'case:consent': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ version: ConsentVersion }),
    out: z.object({}),
  }),
  /**
   * Saves one field as soon as it is left. An empty value removes it. `invalid-value` if it does not fit the field's
   * kind. `origin` `reader`: a device of this kiosk read it from a card; `not-allowed` where there is none. `conflict` if
   * somebody changed the value after `seen`; without `seen`, if an agent changed it and the customer has not said yes.
   */
  'case:fill': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({
      name: z.string().min(1).max(41),
      value: z.string().max(2000),
      origin: Origin.extract(['customer', 'reader']).optional(),
      seen: Revision.optional(),
    }),
    out: z.object({ revision: Revision }),
  }),
  /**
   * Fills the empty fields of this step with what the bank knows of the customer, who must have been proved:
   * `wrong-state` before. The customer looks at each and goes on. `unavailable` while the core is away.
   */
  'case:fetch-known': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: false,
    in: ofCase.extend({ step: StepId }),
    out: z.object({ filled: z.number().int() }),
  }),
  /**
   * The customer alone is through with the step: the form is filled, the words are read, the summary is agreed to
   * (`confirms`: the text that was on screen). `wrong-state` when the case stands elsewhere or another text is due,
   * `invalid-value` when the form is not right yet.
   */
  'case:pass': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ step: StepId, confirms: z.string().max(4000).optional() }),
    out: z.object({}),
  }),
  /** The answers of a risk assessment, by their places from 0; the level is kept as a value of the case. */
  'case:assess': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ step: StepId, answers: z.array(z.number().int().min(0).max(5)).min(1).max(20) }),
    out: z.object({}),
  }),
  /** Back to the step before, or to the form from a place where the service stopped: nothing entered is lost. */
  'case:back': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofCase, out: z.object({}) }),
  /** Closes the case without finishing it: cancelled by the customer, or left by the idle clock. */
  'case:abandon': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ reason: z.enum(['cancelled', 'idle']) }),
    out: z.object({}),
  }),
  /** Ticks or clears a step of the agent's checklist. */
  'case:tick': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ step: z.string().min(1).max(60), done: z.boolean() }),
    out: z.object({}),
  }),
  /** Shows one masked value to the agent of the running call; journalled with the reason. */
  'case:reveal': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ name: z.string().min(1).max(41), reason: RevealReason }),
    out: z.object({ value: z.string() }),
  }),
  /**
   * Changes a value in the running call; the customer is asked whether it is right. `invalid-value` if it does not fit,
   * `conflict` if the customer saved another after `seen` (0: the field was empty).
   */
  'case:correct': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ name: z.string().min(1).max(41), value: z.string().max(2000), seen: Revision }),
    out: z.object({ revision: Revision }),
  }),
  /**
   * The customer's word on a value that the agent changed; not agreed, the customer's own comes back. `conflict` if the
   * agent changed it again after `seen`.
   */
  'case:settle': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ name: z.string().min(1).max(41), agreed: z.boolean(), seen: Revision }),
    out: z.object({}),
  }),
  /** Puts the summary on the kiosk for the customer to confirm. */
  'case:propose': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ summary: z.string().trim().min(1).max(1000) }),
    out: z.object({}),
  }),
  /**
   * Has the bank's core do what the customer confirmed, as the service's carry-out step says. `found` false: the core
   * knows no such customer. `wrong-state` before the customer confirmed, or when the service carries nothing out.
   */
  'case:carry-out': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCase,
    out: z.object({ found: z.boolean() }),
  }),
  /** The customer's answer to the summary. */
  'case:confirm': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ agreed: z.boolean() }),
    out: z.object({}),
  }),
  /** The customer's rating, 1 to 5, or null for none; the case is closed after it. */
  'case:rate': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ stars: z.number().int().min(1).max(5).nullable() }),
    out: z.object({}),
  }),
};

export const caseNotices = {
  'case:changed': notice({ to: ['kiosk'], data: z.object({ case: KioskCase.nullable() }) }),
  'case:desk-changed': notice({
    to: ['agent', 'branch-staff', 'supervisor'],
    data: z.object({ case: DeskCase.nullable() }),
  }),
};
