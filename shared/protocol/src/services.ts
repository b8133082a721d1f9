import { z } from 'zod';
import { Condition, FieldName, Form } from './forms.ts';
import { ServiceId } from './ids.ts';
import { Language } from './roles.ts';
import { PaperTemplate } from './signing.ts';
import { Text } from './texts.ts';

/** The cameras of a kiosk by the part they play; `overview` is a second document camera, or one that sees the desk, where a kiosk has it. */
export const CameraRole = z.enum(['face', 'document', 'overview']);
export type CameraRole = z.infer<typeof CameraRole>;

export const DocumentKind = z.enum([
  'id-card-front',
  'id-card-back',
  'passport',
  'bank-card',
  'proof-of-address',
  'business-licence',
  'contract',
  'bill',
  'income-proof',
  'other',
]);
export type DocumentKind = z.infer<typeof DocumentKind>;

export const StepId = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

/** What every step has: its name, what it is called, the values that make it needed, and what must hold after it. */
const ofStep = {
  id: StepId,
  title: Text,
  /** Entry: the step is done only by those whose values fulfil this; all others pass it by. */
  when: Condition.optional(),
  /** Exit: whose values do not fulfil this does not come past the step, and reads why. */
  until: z.strictObject({ condition: Condition, otherwise: Text }).optional(),
};
/** Who has to be there: nobody but the customer, an agent by video, or branch staff at the kiosk. */
const person = z.enum(['nobody', 'agent', 'branch-staff']);
const script = Text;

/** One answer of a risk question, and what it is worth. */
const Question = z.strictObject({
  id: FieldName,
  text: Text,
  answers: z
    .array(z.strictObject({ text: Text, points: z.number().int().min(0).max(100) }))
    .min(2)
    .max(6),
});

/**
 * One step of a service, in the order of the file. Steps of an agent carry the words to say (`script`); steps of the
 * customer alone carry what the customer reads.
 */
export const Step = z.discriminatedUnion('kind', [
  /** The customer agrees to the service's consent text. */
  z.strictObject({ kind: z.literal('consent'), id: StepId.default('consent') }),
  /** The customer fills the service's form, or the pages of it that name this step. */
  z.strictObject({ kind: z.literal('form'), id: StepId.default('form'), title: Text.optional() }),
  /** Who it is: an agent or branch staff look, or the customer enters a code sent to the phone that the bank knows. */
  z.strictObject({
    kind: z.literal('identify'),
    ...ofStep,
    script,
    by: z.enum(['agent', 'branch-staff', 'code']).default('agent'),
  }),
  z.strictObject({
    kind: z.literal('capture'),
    ...ofStep,
    script,
    document: DocumentKind,
    camera: CameraRole,
    person: person.default('agent'),
    /** Whoever accepts it does so provisionally: a second person must, too. */
    secondReview: z.boolean().optional(),
  }),
  /** Words that the customer must have heard (by an agent) or read (alone). */
  z.strictObject({ kind: z.literal('explain'), ...ofStep, script, person: person.default('agent') }),
  /** A check by another system. */
  z.strictObject({
    kind: z.literal('check'),
    ...ofStep,
    check: z.enum(['id-database', 'face', 'liveness', 'watch-list', 'limits', 'credit']),
  }),
  /** The sum of the answers' points is a level, kept as the value `riskLevel`. */
  z.strictObject({
    kind: z.literal('risk-assessment'),
    ...ofStep,
    questions: z.array(Question).min(3).max(20),
    levels: z
      .array(
        z.strictObject({ level: z.string().regex(/^[a-z0-9-]{1,20}$/), from: z.number().int().min(0), label: Text }),
      )
      .min(2),
  }),
  z.strictObject({ kind: z.literal('sign'), ...ofStep, script, person: person.default('agent') }),
  /** The customer confirms what will be done: written by the agent, or filled from `template` (`{{field}}`). */
  z.strictObject({
    kind: z.literal('confirm'),
    ...ofStep,
    script,
    template: Text.optional(),
    person: person.default('agent'),
  }),
  z.strictObject({ kind: z.literal('approve'), ...ofStep, by: z.enum(['approver', 'supervisor', 'branch-staff']) }),
  z.strictObject({ kind: z.literal('record'), ...ofStep }),
  /** The bank's core does it. */
  z.strictObject({ kind: z.literal('carry-out'), ...ofStep, operation: z.string().regex(/^[a-z][a-z-]{1,40}$/) }),
  z.strictObject({ kind: z.literal('receipt'), ...ofStep }),
  z.strictObject({ kind: z.literal('rate'), id: StepId.default('rate') }),
]);
export type Step = z.infer<typeof Step>;

export type StepKind = Step['kind'];

/** Step kinds that this version carries out; a service with another one is not offered to customers. */
export const STEP_KINDS_READY: readonly StepKind[] = [
  'consent',
  'form',
  'identify',
  'capture',
  'explain',
  'risk-assessment',
  'confirm',
  'carry-out',
  'receipt',
  'rate',
];

/** Steps that ask the bank's core. */
const asksCore = (step: Step): boolean =>
  step.kind === 'carry-out' || step.kind === 'receipt' || (step.kind === 'identify' && step.by === 'code');

/** Whether this version can carry a step out: the core is asked only where there is one. */
export const stepIsReady = (step: Step, { core }: { core: boolean }): boolean =>
  STEP_KINDS_READY.includes(step.kind) && (core || !asksCore(step));

/** Who has to be there for a step beside the customer. */
export function personFor(step: Step): 'nobody' | 'agent' | 'branch-staff' {
  switch (step.kind) {
    case 'identify':
      return step.by === 'code' ? 'nobody' : step.by;
    case 'capture':
    case 'explain':
    case 'sign':
    case 'confirm':
      return step.person;
    case 'check':
    case 'approve':
    case 'record':
      return 'agent';
    default:
      return 'nobody';
  }
}

export const Audience = z.enum(['personal', 'corporate']);
export const Category = z.enum([
  'cards',
  'accounts',
  'security',
  'transfers',
  'savings',
  'wealth',
  'credit',
  'certificates',
  'corporate',
  'teller',
]);
export type Category = z.infer<typeof Category>;
/** Where a service may run. */
export const Where = z.enum(['alone', 'agent', 'branch-staff']);

export const ServiceIconName = z.enum([
  'card',
  'account',
  'phone',
  'talk',
  'shield',
  'transfer',
  'savings',
  'wealth',
  'credit',
  'paper',
  'company',
  'elder',
]);

const Words = z.object({ 'zh-CN': z.array(z.string().min(1)), en: z.array(z.string().min(1)) });

/** One catalogue entry, as its data file has it. */
export const Service = z.strictObject({
  id: ServiceId,
  /** false: reached by "Talk to a teller" only. */
  listed: z.boolean(),
  order: z.number().int(),
  /** Among the few that are shown first. */
  often: z.boolean().default(false),
  /** Among the three or four that the elder mode shows first. */
  elder: z.boolean().default(false),
  icon: ServiceIconName,
  category: Category,
  audience: Audience,
  where: z.array(Where).min(1),
  title: Text,
  summary: Text,
  /** What people say when they mean it, beside its title: "lost my card". */
  keywords: Words,
  minutes: z.number().int().min(1).max(120),
  /** The class of its place in the queue: 1 goes first, 5 last. */
  priority: z.number().int().min(1).max(5),
  skills: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,40}$/), z.number().int().min(1).max(5)),
  languages: z.array(Language).min(1),
  consent: z.strictObject({ version: z.string().min(1).max(40), text: Text }),
  form: Form,
  steps: z.array(Step).min(1),
  /** Its form and papers may be sent ahead and are reviewed without a call, within so many minutes. */
  preReview: z.strictObject({ dueMinutes: z.number().int().min(5).max(20_160) }).optional(),
  /** The agreements and forms that the customer signs in the call. */
  papers: z.array(PaperTemplate).max(8).default([]),
});
export type Service = z.infer<typeof Service>;

/** What the customer chooses a service by. */
export const ServiceCard = Service.pick({
  id: true,
  listed: true,
  order: true,
  often: true,
  elder: true,
  icon: true,
  category: true,
  audience: true,
  where: true,
  title: true,
  summary: true,
  keywords: true,
  minutes: true,
}).strip();
export type ServiceCard = z.infer<typeof ServiceCard>;

/** Of the words that a customer is shown: the service file's, and of what the bank's configuration adds to them. */
export const ConsentVersion = z.string().min(1).max(60);
export const ShownConsent = z.strictObject({ version: ConsentVersion, text: Text });

/** What the customer of a running case is shown of its service. The steps with the agent's words stay with the agent. */
export const CaseService = ServiceCard.extend({
  consent: ShownConsent,
  form: Service.shape.form,
});
export type CaseService = z.infer<typeof CaseService>;

/** GET /api/services (administrator): the whole catalogue, with the steps that keep a service from being offered. */
export const CatalogueEntry = ServiceCard.extend({ missing: z.array(z.object({ id: StepId, kind: z.string() })) });
export const Catalogue = z.object({ services: z.array(CatalogueEntry) });
export type Catalogue = z.infer<typeof Catalogue>;
