import { z } from 'zod';
import { Print, RevealReason } from './cases.ts';
import { request } from './define.ts';
import { CaseId, Instant } from './ids.ts';
import { Outcome } from './queue.ts';
import { Language } from './roles.ts';
import { Text } from './texts.ts';

/** A day, as `2026-11-25`. */
const Day = z.string();

/** What of a customer stays masked until it is revealed with a reason. */
export const CustomerPiece = z.enum(['name', 'idNumber', 'phone', 'email', 'address', 'cards', 'balances']);
export type CustomerPiece = z.infer<typeof CustomerPiece>;

/** A list of the bank's core, which may be away for one and not for the other. */
const fromCore = <T extends z.ZodType>(list: z.ZodArray<T>) =>
  z.discriminatedUnion('is', [z.object({ is: z.literal('here'), list }), z.object({ is: z.literal('away') })]);

/** An account as an agent sees it; `balance` and card numbers are masked. */
export const CustomerAccount = z.object({
  /** The account number, but the last four digits masked. */
  number: z.string(),
  kind: z.enum(['savings', 'current', 'time-deposit', 'foreign-exchange']),
  class: z.enum(['1', '2', '3']).nullable(),
  currency: z.string(),
  state: z.enum(['open', 'lost', 'dormant', 'frozen', 'closed']),
  openedOn: Day,
  cards: z.array(
    z.object({
      number: z.string(),
      kind: z.enum(['debit', 'credit', 'benefit']),
      state: z.enum(['active', 'lost', 'expired']),
      validUntil: z.string().nullable(),
    }),
  ),
});
export type CustomerAccount = z.infer<typeof CustomerAccount>;

export const CustomerProduct = z.object({
  productId: z.string(),
  kind: z.enum(['time-deposit', 'wealth', 'fund', 'insurance', 'loan', 'electronic-banking']),
  name: Text,
  /** It has an amount, which is revealed with the balances. */
  hasAmount: z.boolean(),
  since: Day,
  until: Day.nullable(),
});

/** What was done for this customer here before; `outcome` is the agent's, null where no call was about it. */
export const PastCase = z.object({
  caseId: CaseId,
  title: Text,
  openedAt: Instant,
  closeReason: z.string().nullable(),
  outcome: Outcome.nullable(),
  /** How many messages were written about it. */
  messages: z.number().int(),
});

/** One view of a bank's customer, read from the core when it is asked for, and kept nowhere. */
export const CustomerView = z.discriminatedUnion('is', [
  /** What was entered does not say who it is: no ID number, or no name. */
  z.object({ is: z.literal('unnamed') }),
  /** The bank has no customer of this ID number and name. */
  z.object({ is: z.literal('unknown') }),
  z.object({
    is: z.literal('known'),
    /** It was proved, by a code or by the agent's own step, that this is who stands there. */
    proved: z.boolean(),
    /** A simulator in the place of the bank's core says so. */
    simulated: z.boolean(),
    /** Masked, by piece; without what the bank does not know. */
    masked: z.partialRecord(CustomerPiece, z.string()),
    birthYear: z.string(),
    since: Day,
    segment: z.enum(['standard', 'gold', 'private']),
    occupation: z.string().nullable(),
    /** From 1 (careful) to 5 (bold). `expired`: assessed more than twelve months ago. Source: 令2025年第7号. */
    riskLevel: z.object({ level: z.number().int(), assessedOn: Day, expired: z.boolean() }).nullable(),
    accounts: fromCore(z.array(CustomerAccount)),
    products: fromCore(z.array(CustomerProduct)),
    past: z.array(PastCase),
    /** How the customer used the kiosk last time; null: never here. */
    preferences: z.object({ language: Language, print: Print }).nullable(),
    /** Fields of the form that are empty and that the bank knows. */
    fills: z.number().int(),
  }),
]);
export type CustomerView = z.infer<typeof CustomerView>;
export type KnownCustomer = Extract<CustomerView, { is: 'known' }>;

const ofCase = z.object({ caseId: CaseId });

export const customerRequests = {
  /** The customer of the running call's case, asked of the bank's core; journalled. `unavailable` while the core is away. */
  'customer:view': request({ from: ['agent'], stage: 'ready', changes: false, in: ofCase, out: CustomerView }),
  /** One masked piece in plain, by keys (`value`, the account's or card's number as masked, or the product's id); journalled with the reason. */
  'customer:reveal': request({
    from: ['agent'],
    stage: 'ready',
    changes: false,
    in: ofCase.extend({ piece: CustomerPiece, reason: RevealReason }),
    out: z.object({ values: z.array(z.object({ key: z.string(), value: z.string() })) }),
  }),
  /** Fills the form's empty fields with what the bank knows; the customer is asked about each. `wrong-state` before identity is proved. */
  'customer:take-over': request({
    from: ['agent'],
    stage: 'ready',
    changes: false,
    in: ofCase,
    out: z.object({ filled: z.number().int() }),
  }),
};
