import { z } from 'zod';
import { notice, request } from './define.ts';
import { CaseId, Instant, ServiceId } from './ids.ts';
import { Language } from './roles.ts';
import { DataClass, ServiceCard, Service } from './services.ts';

/**
 * Where a case is. The kiosk's screen follows from it: consent → form → waiting → serving → confirming → confirmed
 * → rating → closed. `self-service` is the form again after the customer left the queue.
 */
export const CaseAt = z.enum(['consent', 'form', 'waiting', 'serving', 'confirming', 'confirmed', 'rating', 'closed']);
export type CaseAt = z.infer<typeof CaseAt>;

export const Print = z.enum(['normal', 'large']);
export type Print = z.infer<typeof Print>;

/** A value as the customer at the kiosk sees it: always plain, the customer typed it. */
export const KioskValue = z.object({ name: z.string(), value: z.string() });

/** The case as its customer sees it. */
export const KioskCase = z.object({
  caseId: CaseId,
  at: CaseAt,
  service: ServiceCard,
  language: Language,
  print: Print,
  consented: z.boolean(),
  values: z.array(KioskValue),
  /** What the agent wrote for the customer to confirm; only while `confirming` and after. */
  summary: z.string().nullable(),
});
export type KioskCase = z.infer<typeof KioskCase>;

/** A value as an agent sees it: C2 masked until revealed with a reason. */
export const DeskValue = z.object({
  name: z.string(),
  class: DataClass,
  shown: z.string(),
  masked: z.boolean(),
  enteredAt: Instant,
});

/** The case as the agent at the desk sees it. */
export const DeskCase = z.object({
  caseId: CaseId,
  at: CaseAt,
  service: Service,
  language: Language,
  print: Print,
  openedAt: Instant,
  consent: z.object({ version: z.string(), givenAt: Instant }).nullable(),
  values: z.array(DeskValue),
  /** Ids of the service's steps that the agent has ticked. */
  ticked: z.array(z.string()),
  summary: z.string().nullable(),
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
    in: ofCase.extend({ version: z.string().min(1).max(40) }),
    out: z.object({}),
  }),
  /** Saves one field as soon as it is left. An empty value removes it. `invalid-value` if it does not fit the field's kind. */
  'case:fill': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ name: z.string().min(1).max(41), value: z.string().max(2000) }),
    out: z.object({}),
  }),
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
  /** Puts the summary on the kiosk for the customer to confirm. */
  'case:propose': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ summary: z.string().trim().min(1).max(1000) }),
    out: z.object({}),
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
  'case:desk-changed': notice({ to: ['agent'], data: z.object({ case: DeskCase.nullable() }) }),
};
