import { z } from 'zod';

/**
 * What a bank's adapter speaks: `POST` of JSON to `/v1/<name>` with a bearer token, answered by JSON. `carry-out` has an
 * `Idempotency-Key`: the same key again acts once, and is answered like the first time. Amounts are text in yuan with
 * two places.
 */
export const CoreCustomer = z.object({
  customerId: z.string().min(1).max(64),
  name: z.string().min(1),
  /** The last four digits of the phone that codes are sent to; null: none is known. */
  phoneEnd: z.string().length(4).nullable(),
  birthDate: z.string(),
  segment: z.enum(['standard', 'gold', 'private']),
});
export type CoreCustomer = z.infer<typeof CoreCustomer>;

/** A day, as `2026-11-25`. */
const Day = z.iso.date();
const Money = z.string().regex(/^-?\d{1,14}\.\d{2}$/);

/** All that the bank may show of a customer; null: it does not know. */
export const CoreProfile = z.object({
  customerId: z.string().min(1).max(64),
  name: z.string().min(1).max(120),
  idNumber: z.string().max(40),
  phone: z.string().max(20).nullable(),
  email: z.string().max(120).nullable(),
  address: z.string().max(300).nullable(),
  occupation: z.string().max(60).nullable(),
  birthDate: Day,
  /** Since when a customer. */
  since: Day,
  segment: z.enum(['standard', 'gold', 'private']),
  /** The customer's tolerance of risk, from 1 (careful) to 5 (bold), with the day of the assessment. */
  riskLevel: z.object({ level: z.number().int().min(1).max(5), assessedOn: Day }).nullable(),
});
export type CoreProfile = z.infer<typeof CoreProfile>;

export const CoreAccount = z.object({
  number: z.string().min(1).max(40),
  kind: z.enum(['savings', 'current', 'time-deposit', 'foreign-exchange']),
  /** The class of a personal account. Source: 银发〔2015〕392号. */
  class: z.enum(['1', '2', '3']).nullable(),
  currency: z.string().length(3),
  balance: Money,
  state: z.enum(['open', 'lost', 'dormant', 'frozen', 'closed']),
  openedOn: Day,
  cards: z.array(
    z.object({
      number: z.string().min(1).max(30),
      kind: z.enum(['debit', 'credit', 'benefit']),
      state: z.enum(['active', 'lost', 'expired']),
      validUntil: z
        .string()
        .regex(/^\d{4}-\d{2}$/)
        .nullable(),
    }),
  ),
});
export type CoreAccount = z.infer<typeof CoreAccount>;

export const CoreProduct = z.object({
  productId: z.string().min(1).max(40),
  kind: z.enum(['time-deposit', 'wealth', 'fund', 'insurance', 'loan', 'electronic-banking']),
  name: z.object({ 'zh-CN': z.string().min(1), en: z.string().min(1) }),
  amount: Money.nullable(),
  since: Day,
  until: Day.nullable(),
});
export type CoreProduct = z.infer<typeof CoreProduct>;

const ofCustomer = z.object({ customerId: z.string().max(64) });

export const CoreOutcome = z.discriminatedUnion('state', [
  /** `reference`: what the customer quotes; `facts`: what the receipt shows beside it, by name. */
  z.object({
    state: z.literal('done'),
    reference: z.string().min(1).max(64),
    facts: z.record(z.string().max(40), z.string().max(200)).default({}),
  }),
  z.object({ state: z.literal('refused'), reason: z.string().min(1).max(60) }),
]);
export type CoreOutcome = z.infer<typeof CoreOutcome>;

export const contract = {
  about: { in: z.object({}), out: z.object({ name: z.string(), simulator: z.boolean() }) },
  'find-customer': {
    in: z.object({ idNumber: z.string(), name: z.string() }),
    out: z.object({ customer: CoreCustomer.nullable() }),
  },
  /** What the bank knows of its customer, at most what it wants an agent to see. */
  customer: { in: ofCustomer, out: z.object({ customer: CoreProfile.nullable() }) },
  accounts: { in: ofCustomer, out: z.object({ accounts: z.array(CoreAccount).max(200) }) },
  /** What the customer holds beside accounts. */
  products: { in: ofCustomer, out: z.object({ products: z.array(CoreProduct).max(200) }) },
  /** Sends a text to the phone that the bank has of its customer. */
  'send-text': { in: z.object({ customerId: z.string(), text: z.string().max(300) }), out: z.object({}) },
  'carry-out': {
    in: z.object({
      instructionId: z.string(),
      operation: z.string(),
      customerId: z.string(),
      data: z.record(z.string(), z.string()),
    }),
    out: CoreOutcome,
  },
};
export type CoreVerb = keyof typeof contract;
