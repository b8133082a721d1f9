import { z } from 'zod';
import { DataClass, Text } from './texts.ts';

/** A field's name: the key of its value in the case, and of its property in the schema. */
export const FieldName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,40}$/);

/**
 * What a value must look like, beyond its type. `amount` is checked in whole fen, so that no rounding ever happens; `credit-code` is
 * a company's unified social credit code; `address` is one line, from the province down. A kiosk offers real provinces, cities
 * and districts for its beginning, and so writes none that do not exist; the server takes any line of letters, since addresses
 * abroad and those on old ID cards name places that its list does not have.
 */
export const FieldFormat = z.enum([
  'name',
  'phone',
  'id-number',
  'card-number',
  'card-last4',
  'credit-code',
  'amount',
  'date',
  'address',
  'email',
]);
export type FieldFormat = z.infer<typeof FieldFormat>;

/** What the bank may know of a customer, by the name that a property has in `from`. */
export const KnownFact = z.enum([
  'customer.name',
  'customer.idNumber',
  'customer.phone',
  'customer.email',
  'customer.address',
  'customer.occupation',
  'account.cardNumber',
  'account.cardLast4',
]);
export type KnownFact = z.infer<typeof KnownFact>;

/** What a device may read from a card, by the name that a property has in `reads`. */
export const ReadFact = z.enum([
  'id-card.name',
  'id-card.idNumber',
  'id-card.birthDate',
  'id-card.address',
  'bank-card.number',
  'bank-card.last4',
]);
export type ReadFact = z.infer<typeof ReadFact>;

const OfProperty = {
  label: Text,
  hint: Text.optional(),
  class: DataClass,
  /** Where the bank has the value; it is filled in once it is proved who the customer is, and the customer confirms it. */
  from: KnownFact.optional(),
  /** What of a card stands in it: a kiosk with a reader fills it in, and the customer looks at it. */
  reads: ReadFact.optional(),
};

/**
 * One property of a form's JSON Schema (2020-12; `label`, `hint`, `class`, `from`, `reads`, `day` and `quick` are annotations of ours). Texts are
 * strings, choices strings with `oneOf`, money an integer with the format `amount`.
 */
export const Property = z.union([
  z.strictObject({
    type: z.literal('string'),
    ...OfProperty,
    format: FieldFormat.exclude(['amount']).optional(),
    minLength: z.number().int().min(1).max(500).optional(),
    maxLength: z.number().int().min(1).max(500).default(120),
    pattern: z.string().max(200).optional(),
    /** Of a date: whether it lies before today (a birth), or after it (an end); the calendar begins there. */
    day: z.enum(['past', 'future']).optional(),
  }),
  z.strictObject({
    type: z.literal('string'),
    ...OfProperty,
    oneOf: z
      .array(z.strictObject({ const: z.string().regex(/^[a-z0-9-]{1,40}$/), label: Text }))
      .min(2)
      .max(40),
  }),
  z.strictObject({
    type: z.literal('integer'),
    ...OfProperty,
    format: z.literal('amount'),
    minimum: z.number().int().nonnegative(),
    maximum: z.number().int().positive(),
    /** Amounts in fen that are offered by one touch. */
    quick: z.array(z.number().int().positive()).max(6).optional(),
  }),
]);
export type Property = z.infer<typeof Property>;

/** A JSON Schema that the case's values must fulfil, in the few words that conditions need. */
export const Condition = z.strictObject({
  properties: z.record(
    FieldName,
    z.union([
      z.strictObject({ const: z.union([z.string(), z.number()]) }),
      z.strictObject({ enum: z.array(z.string()).min(1) }),
      z.strictObject({ minimum: z.number().optional(), maximum: z.number().optional() }),
    ]),
  ),
  required: z.array(FieldName).min(1),
});
export type Condition = z.infer<typeof Condition>;

/** One control of the UI schema; shown always, or while `rule` holds. */
export const Control = z.strictObject({
  type: z.literal('Control'),
  scope: z.string().regex(/^#\/properties\/[a-z][a-zA-Z0-9]{0,40}$/),
  rule: z
    .strictObject({
      effect: z.literal('SHOW'),
      condition: z.strictObject({ scope: z.literal('#'), schema: Condition }),
    })
    .optional(),
});
export type Control = z.infer<typeof Control>;

/** The UI schema: a page is a category of controls that belong together. */
export const UiSchema = z.strictObject({
  type: z.literal('Categorization'),
  elements: z.array(
    z.strictObject({
      type: z.literal('Category'),
      label: Text,
      /** The form step that asks for this page; without it the first one. */
      step: z.string().optional(),
      elements: z.array(Control).min(1).max(6),
    }),
  ),
});
export type UiSchema = z.infer<typeof UiSchema>;

export const FormSchema = z.strictObject({
  type: z.literal('object'),
  properties: z.record(FieldName, Property),
  required: z.array(FieldName),
});
export type FormSchema = z.infer<typeof FormSchema>;

/** A form as JSON Schema and UI schema; the same two at the kiosk, on the phone, at the desk and on the server. */
export const Form = z.strictObject({ schema: FormSchema, ui: UiSchema });
export type Form = z.infer<typeof Form>;

/** How a field is typed and shown. */
export type FieldKind = FieldFormat | 'text' | 'choice';

/** One field of a form, read from both of its schemas. */
export type Field = {
  name: string;
  kind: FieldKind;
  label: Text;
  hint?: Text;
  class: DataClass;
  required: boolean;
  maxLength: number;
  choices?: { value: string; label: Text }[];
  /** The values that make this field asked at all. */
  when?: Condition;
  /** What the bank knows it by. */
  from?: KnownFact;
  /** What of a card a reader fills in. */
  reads?: ReadFact;
  /** The form step that asks for it; undefined: the first. */
  step?: string;
  /** The property as the validator reads it. */
  schema: Property;
};

/** Longest kept values of formats that the schema gives no length. */
const AMOUNT_LENGTH = 16;

/** The fields in the order of the pages. */
export function fieldsOf({ schema, ui }: Form): Field[] {
  return ui.elements.flatMap(({ elements, step }) =>
    elements.map(({ scope, rule }) => ({
      ...fieldOf(schema, scope.slice('#/properties/'.length), rule?.condition.schema),
      ...(step === undefined ? {} : { step }),
    })),
  );
}

/** Whether a field is asked in this form step; `first`: it is the service's first form step. */
export const isOfStep = (field: Pick<Field, 'step'>, step: { id: string; first: boolean }): boolean =>
  field.step === undefined ? step.first : field.step === step.id;

function fieldOf(schema: FormSchema, name: string, when: Condition | undefined): Field {
  const property = schema.properties[name];
  if (!property) throw new Error(`a control of a field that is not in the schema: ${name}`);
  const isChoice = 'oneOf' in property;
  return {
    name,
    kind: isChoice ? 'choice' : (property.format ?? 'text'),
    label: property.label,
    ...(property.hint ? { hint: property.hint } : {}),
    class: property.class,
    required: schema.required.includes(name),
    maxLength: 'maxLength' in property ? property.maxLength : AMOUNT_LENGTH,
    ...(isChoice ? { choices: property.oneOf.map(({ const: value, label }) => ({ value, label })) } : {}),
    ...(when ? { when } : {}),
    ...(property.from ? { from: property.from } : {}),
    ...(property.reads ? { reads: property.reads } : {}),
    schema: property,
  };
}
