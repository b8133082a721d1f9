import { z } from 'zod';
import { CaseAt } from './cases.ts';
import { notice, request } from './define.ts';
import { CallId, CaseId, HelpId, Instant, KioskId } from './ids.ts';
import { Text } from './texts.ts';

/** What a kiosk can see of a customer who is lost; the rule with its figures is the kiosk's (`features/help/lost.ts`). */
export const LostWhy = z.enum(['slow', 'back-and-forth', 'field-problems']);
export type LostWhy = z.infer<typeof LostWhy>;

/** Where the customer stood: of the form only the field's label, never what is in it. */
export const HelpPlace = z.object({
  at: CaseAt.or(z.literal('choosing')),
  service: Text.nullable(),
  step: Text.nullable(),
  field: Text.nullable(),
});
export type HelpPlace = z.infer<typeof HelpPlace>;

/**
 * A customer who may need branch staff at the kiosk. `noticed`: the kiosk thinks so and offers help quietly; `called`:
 * the customer asked; `coming`: somebody is on the way.
 */
export const HelpView = z.object({
  helpId: HelpId,
  kioskId: KioskId,
  kiosk: z.string(),
  /** How it began; `called`: by the customer's own call. */
  why: LostWhy.or(z.literal('called')),
  place: HelpPlace,
  /** Since when it was noticed, or called if it was. */
  calledAt: Instant,
  state: z.discriminatedUnion('at', [
    z.object({ at: z.literal('noticed') }),
    z.object({ at: z.literal('called') }),
    z.object({ at: z.literal('coming'), since: Instant, by: z.string() }),
  ]),
});
export type HelpView = z.infer<typeof HelpView>;

/** The customer at a kiosk of the branch, as its staff see how far they are: nothing of what is entered. */
export const KioskCustomer = z.object({
  caseId: CaseId,
  at: CaseAt,
  service: Text,
  /** Who of the staff has an agent called for them. At `consent` the kiosk asks first; else the case waits for an agent. */
  calling: z.object({ by: z.string(), since: Instant }).nullable(),
  /** The call that runs there. */
  callId: CallId.nullable(),
});
export type KioskCustomer = z.infer<typeof KioskCustomer>;

/**
 * What came of having an agent called. `waiting`: the case is in the queue; `asked`: the kiosk asks for the consent that
 * is still missing, and the case joins then. The others change nothing: `already`: it waits by the customer's own wish
 * (`by` null) or a colleague's; `in-call`: an agent is there; `over`: another customer, or none, is at the kiosk;
 * `away`: the kiosk has no connection; `closed` and `nobody`: no agent could take it now.
 */
export const AgentCalled = z.discriminatedUnion('is', [
  z.object({ is: z.literal('waiting') }),
  z.object({ is: z.literal('asked') }),
  z.object({ is: z.literal('already'), by: z.string().nullable() }),
  z.object({ is: z.literal('in-call') }),
  z.object({ is: z.literal('over') }),
  z.object({ is: z.literal('away') }),
  z.object({ is: z.literal('closed'), opensAt: Instant.nullable() }),
  z.object({ is: z.literal('nobody') }),
]);
export type AgentCalled = z.infer<typeof AgentCalled>;

const ofHelp = z.object({ helpId: HelpId });

export const helpRequests = {
  /** Calls branch staff; again while one is open, answers with the same. */
  'help:call': request({ from: ['kiosk'], stage: 'ready', changes: true, in: z.object({}), out: ofHelp }),
  /**
   * The customer seems lost: branch staff see the kiosk, and the kiosk offers help. `null`: not now, for something is
   * open already or was offered a short while ago. `field`: the form field in question, by its name.
   */
  'help:notice': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ why: LostWhy, field: z.string().min(1).max(41).optional() }),
    out: z.object({ helpId: HelpId.nullable() }),
  }),
  /** The customer needs no help (any more). */
  'help:cancel': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofHelp, out: z.object({}) }),
  /** A member of the branch's staff is on the way. */
  'help:answer': request({ from: ['branch-staff'], stage: 'ready', changes: true, in: ofHelp, out: z.object({}) }),
  'help:close': request({ from: ['branch-staff'], stage: 'ready', changes: true, in: ofHelp, out: z.object({}) }),
  /**
   * Branch staff have an agent called for the customer in self-service at a kiosk of theirs: the case goes into the
   * queue with all that is entered, as if the customer had asked. Again by the same person: the same answer. The note is
   * kept with the case, for the agent. `not-found` for another branch's kiosk.
   */
  'help:to-agent': request({
    from: ['branch-staff'],
    stage: 'ready',
    changes: true,
    in: z.object({ kioskId: KioskId, caseId: CaseId, note: z.string().trim().max(300) }),
    out: AgentCalled,
  }),
};

export const helpNotices = {
  'help:changed': notice({ to: ['kiosk'], data: z.object({ help: HelpView.nullable() }) }),
  'help:list-changed': notice({ to: ['branch-staff'], data: z.object({ open: z.array(HelpView) }) }),
};
