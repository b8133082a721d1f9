import { z } from 'zod';
import { notice, request } from './define.ts';
import { CaseId, Instant } from './ids.ts';
import { Text } from './texts.ts';

/** What a sheet is called; `paper:` before a template's name: an agreement or form of the case's service. */
export const SheetId = z.string().regex(/^(paper:)?[a-z][a-z0-9-]{0,40}$/);

type Steps = { least: number; most: number; step: number };
/** Whether a value can be chosen in a range. */
export const fitsSum = (value: number, { least, most, step }: Steps): boolean =>
  value >= least && value <= most && (value - least) % step === 0;

/** Whole numbers from `least` to `most` in steps; where both begin. */
export const SumRange = z
  .strictObject({
    least: z.number().int().min(0).max(100_000_000),
    most: z.number().int().min(1).max(100_000_000),
    step: z.number().int().min(1),
    start: z.number().int().min(0),
  })
  .refine(({ least, most }) => least < most, 'least must be below most')
  .refine(({ least, most, step }) => (most - least) % step === 0, 'most is no whole number of steps from least')
  .refine((range) => fitsSum(range.start, range), 'start is not between least and most, or between two steps');
export type SumRange = z.infer<typeof SumRange>;

/** What both sides move in a calculator. */
export const SumValues = z.object({
  /** Yuan. */
  amount: z.number().int(),
  months: z.number().int(),
  /** Hundredths of a per cent a year. */
  rate: z.number().int(),
});
export type SumValues = z.infer<typeof SumValues>;

/** A clause, heading or drawing of a sheet: what is marked, pointed at and scrolled to. */
export const SheetBlock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('heading'), text: Text }),
  /** `important`: the bank wants it to be noticed. */
  z.strictObject({ kind: z.literal('text'), text: Text, important: z.boolean().default(false) }),
  z.strictObject({
    kind: z.literal('figures'),
    rows: z
      .array(z.strictObject({ label: Text, value: Text }))
      .min(1)
      .max(12),
  }),
  z.strictObject({
    kind: z.literal('calculator'),
    /** Interest of a deposit, simple and paid at its end; or the equal instalments of a loan. */
    sum: z.enum(['deposit-interest', 'loan-instalment']),
    amount: SumRange,
    months: SumRange,
    rate: SumRange,
  }),
]);
export type SheetBlock = z.infer<typeof SheetBlock>;
export type CalculatorBlock = Extract<SheetBlock, { kind: 'calculator' }>;

/** A page that an agent explains to a customer in a call, as its data file has it. */
export const Sheet = z.strictObject({
  id: SheetId,
  order: z.number().int(),
  /** What the journal says was shown; the bank changes it with the words. */
  version: z.string().min(1).max(40),
  title: Text,
  lead: Text,
  blocks: z
    .array(SheetBlock)
    .min(1)
    .max(80)
    .refine((blocks) => blocks.filter(({ kind }) => kind === 'calculator').length <= 1, 'more than one calculator'),
});
export type Sheet = z.infer<typeof Sheet>;

/** A line of the agent's list. */
export const SheetCard = z.object({
  id: SheetId,
  is: z.enum(['text', 'calculator', 'paper']),
  title: Text,
  version: z.string(),
});
export type SheetCard = z.infer<typeof SheetCard>;

const block = z.number().int().min(0).max(400);
/** What stands at the top of somebody's frame: a block, and how much of it is above (per cent). */
export const SheetPlace = z.object({ block, share: z.number().int().min(0).max(100) });
export type SheetPlace = z.infer<typeof SheetPlace>;

/** A sheet that customer and agent look at together: kept in memory alone, gone with the call. */
export const ExplainingView = z.object({
  sheetId: SheetId,
  version: z.string(),
  openedAt: Instant,
  /** Where it was scrolled to last, and by whom; null: by nobody yet. */
  place: SheetPlace.extend({ by: z.enum(['customer', 'agent']) }).nullable(),
  /** What the agent marked, the latest alone. */
  marked: block.nullable(),
  /** Where the customer says: here. */
  here: block.nullable(),
  /** Of its calculator. */
  values: SumValues.nullable(),
  /** Per cent of it that was on the customer's screen. */
  seen: z.number().int().min(0).max(100),
});
export type ExplainingView = z.infer<typeof ExplainingView>;

const ofCase = z.object({ caseId: CaseId });
const live = { stage: 'ready', changes: false, out: z.object({}) } as const;

/**
 * All are `not-found` for who is not in a call about this case, and the live ones `wrong-state` where no sheet is open.
 * A place, mark or value that the sheet has not is `invalid-value`; more than 20 a second for long are `too-fast`.
 */
export const explainingRequests = {
  /** What the agent can open: the bank's sheets, then the papers of the case's service. */
  'explaining:list': request({
    from: ['agent'],
    stage: 'ready',
    changes: false,
    in: ofCase,
    out: z.object({ sheets: z.array(SheetCard) }),
  }),
  /** Opens a sheet on both screens in the place of any other. `wrong-state` while the call is on hold. Journalled. */
  'explaining:open': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCase.extend({ sheetId: SheetId }),
    out: z.object({}),
  }),
  /** Takes it from both screens; nothing open: nothing happens. Journalled, with how much of it the customer saw. */
  'explaining:close': request({ from: ['agent'], stage: 'ready', changes: true, in: ofCase, out: z.object({}) }),
  /** The words of the sheet that is open; what was entered in a sensitive field is masked in a paper. */
  'explaining:read': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: false,
    in: ofCase,
    out: z.object({ sheet: Sheet }),
  }),
  /** Where this side has scrolled to by itself; `seen`: per cent of the sheet that was on its screen. */
  'explaining:look': request({
    ...live,
    from: ['kiosk', 'agent'],
    in: ofCase.extend({ place: SheetPlace.nullable(), seen: z.number().int().min(0).max(100) }),
  }),
  /** The agent marks a block, or (null) none: the kiosk shows it and goes there. */
  'explaining:mark': request({ ...live, from: ['agent'], in: ofCase.extend({ block: block.nullable() }) }),
  /** The customer says which block is meant, or (null) none any more. */
  'explaining:point': request({ ...live, from: ['kiosk'], in: ofCase.extend({ block: block.nullable() }) }),
  /** One side moves the calculator. */
  'explaining:set': request({ ...live, from: ['kiosk', 'agent'], in: ofCase.extend({ values: SumValues }) }),
};

export const explainingNotices = {
  /** null: no sheet is open. */
  'explaining:changed': notice({ to: ['kiosk', 'agent'], data: z.object({ explaining: ExplainingView.nullable() }) }),
};
