import { z } from 'zod';
import { ServiceId } from './ids.ts';

/** One text in every language a screen can be in. */
export const Text = z.object({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof Text>;

/** C2 (ID number, phone, card number): encrypted at rest, masked until revealed. C1: the rest. Source: JR/T 0171. */
export const DataClass = z.enum(['C1', 'C2']);
export type DataClass = z.infer<typeof DataClass>;

export const FieldKind = z.enum(['text', 'name', 'phone', 'id-number', 'card-last4', 'choice', 'date']);
export type FieldKind = z.infer<typeof FieldKind>;

export const Field = z.strictObject({
  name: z.string().regex(/^[a-z][a-zA-Z0-9]{0,40}$/),
  kind: FieldKind,
  label: Text,
  hint: Text.optional(),
  class: DataClass,
  required: z.boolean(),
  maxLength: z.number().int().min(1).max(500).default(120),
  choices: z
    .array(z.strictObject({ value: z.string().regex(/^[a-z0-9-]{1,40}$/), label: Text }))
    .min(2)
    .optional(),
});
export type Field = z.infer<typeof Field>;

/** The cameras of a kiosk by the part they play. */
export const CameraRole = z.enum(['face', 'document']);
export type CameraRole = z.infer<typeof CameraRole>;

export const DocumentKind = z.enum([
  'id-card-front',
  'id-card-back',
  'passport',
  'bank-card',
  'proof-of-address',
  'other',
]);
export type DocumentKind = z.infer<typeof DocumentKind>;

/** One step of a service: what the customer does alone, and what the agent works through in the call, with the words to say. */
export const Step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('consent') }),
  z.strictObject({ kind: z.literal('form') }),
  z.strictObject({ kind: z.literal('identify'), id: z.string(), title: Text, script: Text }),
  z.strictObject({ kind: z.literal('explain'), id: z.string(), title: Text, script: Text }),
  z.strictObject({
    kind: z.literal('capture'),
    id: z.string(),
    title: Text,
    script: Text,
    document: DocumentKind,
    camera: CameraRole,
  }),
  z.strictObject({ kind: z.literal('confirm'), id: z.string(), title: Text, script: Text }),
  z.strictObject({ kind: z.literal('rate') }),
]);
export type Step = z.infer<typeof Step>;

/** One catalogue entry, as its data file has it. */
export const Service = z.strictObject({
  id: ServiceId,
  /** false: reached by "Talk to a teller" only. */
  listed: z.boolean(),
  order: z.number().int(),
  icon: z.enum(['card', 'account', 'phone', 'talk']),
  title: Text,
  summary: Text,
  minutes: z.number().int().min(1).max(120),
  skills: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,40}$/), z.number().int().min(1).max(5)),
  consent: z.strictObject({ version: z.string().min(1).max(40), text: Text }),
  fields: z.array(Field),
  steps: z.array(Step).min(1),
});
export type Service = z.infer<typeof Service>;

/** What a kiosk shows of a service. The steps with the agent's words stay with the agent. */
export const ServiceCard = Service.pick({
  id: true,
  listed: true,
  order: true,
  icon: true,
  title: true,
  summary: true,
  minutes: true,
  consent: true,
  fields: true,
}).strip();
export type ServiceCard = z.infer<typeof ServiceCard>;
