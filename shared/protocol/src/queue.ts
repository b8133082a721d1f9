import { z } from 'zod';
import { notice, request } from './define.ts';
import { Escalation, PassedOn } from './calls.ts';
import { Print } from './cases.ts';
import { CallId, CaseId, HandoverCode, Instant, OfferId, TicketId } from './ids.ts';
import { WaitChoice, WrapUpRule } from './queue-rules.ts';
import { Language } from './roles.ts';
import { ServiceIconName } from './services.ts';
import { Text } from './texts.ts';

/** A ticket as its customer sees it. */
export const TicketView = z.object({
  ticketId: TicketId,
  caseId: CaseId,
  joinedAt: Instant,
  /** `coming`: an agent has been asked and the offer rings; which one is nobody's business yet. */
  at: z.enum(['waiting', 'coming']),
  /** 1 is next. */
  position: z.number().int().min(1),
  /** The queue that it is in. */
  queue: Text,
  /** Minutes, an honest range that changes every 15 s at most; null when nobody who could serve it is on duty. */
  wait: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
  /** Why nobody can serve it now: the queue is closed (null: it does not open within a year), or nobody is there. */
  shut: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('closed'), opensAt: Instant.nullable() }),
      z.object({ is: z.literal('nobody') }),
    ])
    .nullable(),
  /** The longest wait of its queue is over, and the customer has not chosen to wait on. */
  overdue: z.boolean(),
  /** What the customer can do now instead of waiting; not empty while it is `shut` or `overdue`. */
  choices: z.array(WaitChoice),
  /**
   * Of a customer who came in time for an appointment: from `from` on the ticket stands before those who joined up to
   * so many `minutes` earlier. `counts`: it does already.
   */
  booked: z.object({ from: Instant, minutes: z.number().int(), counts: z.boolean() }).nullable(),
  /** An agent passed the customer on: they have been served already. */
  passedOn: z.boolean(),
  /** The skill or the queue that the agent chose then; null: none. */
  passedTo: Text.nullable(),
});
export type TicketView = z.infer<typeof TicketView>;

/** A customer who left a number in the place of waiting. */
export const CallBackView = z.object({
  ticketId: TicketId,
  service: Text,
  phone: z.string(),
  language: Language,
  joinedAt: Instant,
  keptUntil: Instant,
  /** Tickets before it. */
  ahead: z.number().int(),
  /** Its turn is next, or somebody who could serve it is free. */
  due: z.boolean(),
  calledAt: Instant.nullable(),
  reached: z.boolean().nullable(),
});
export type CallBackView = z.infer<typeof CallBackView>;

export const DeclineReason = z.enum(['technical-problem', 'conflict-of-interest', 'wrong-skill', 'need-a-minute']);
export type DeclineReason = z.infer<typeof DeclineReason>;
export const BreakReason = z.enum(['break', 'meal', 'training', 'meeting', 'technical-problem']);
export type BreakReason = z.infer<typeof BreakReason>;
export const Outcome = z.enum(['complete', 'incomplete', 'escalated', 'rejected', 'suspicious', 'technical-problem']);
export type Outcome = z.infer<typeof Outcome>;

/** Why an agent was asked: how the ticket stood then, and how the agent stood among those who could. */
export const OfferWhy = z.object({
  score: z.number(),
  /** From 0; null: none was in force, for the agent was preferred. */
  step: z.number().int().nullable(),
  /** The first step that the agent fulfils: the lower, the better the skills. */
  fits: z.number().int().nullable(),
  /** ms for which the agent had been free. */
  idleMs: z.number().int(),
  /** The customer's own or last agent, asked alone at first. */
  preferred: z.boolean(),
});
export type OfferWhy = z.infer<typeof OfferWhy>;

/** What rings at the agent's desk. */
export const OfferView = z.object({
  offerId: OfferId,
  /** The call that accepting will start; media is set up under this id while it rings. */
  callId: CallId,
  madeAt: Instant,
  deadline: Instant,
  waitedMs: z.number().int().nonnegative(),
  service: z.object({ title: Text, icon: ServiceIconName }),
  kiosk: z.object({ name: z.string(), branch: Text }),
  language: Language,
  print: Print,
  /** The appointment that the customer came for in time. */
  booked: z.object({ startsAt: Instant, zone: z.string() }).nullable(),
  /** Why this agent; the sources of its figures are in `Explanation`. */
  why: OfferWhy.nullable(),
  ticketId: TicketId,
  /** What the customer has filled, with C2 values masked. `choice` has the words for a value chosen from a list. */
  known: z.array(z.object({ label: Text, shown: z.string(), choice: Text.nullable() })),
  /** A colleague passed the customer on. */
  passedOn: PassedOn.nullable(),
  /** Branch staff had an agent called for this case. */
  escalated: Escalation.nullable(),
});
export type OfferView = z.infer<typeof OfferView>;

/** An agent's state; `since` is when it began. */
export const AgentState = z.discriminatedUnion('at', [
  z.object({ at: z.literal('offline'), since: Instant }),
  z.object({ at: z.literal('ready'), since: Instant }),
  z.object({ at: z.literal('offered'), since: Instant, offer: OfferView }),
  z.object({ at: z.literal('in-call'), since: Instant, callId: CallId }),
  /** The customer is on hold. */
  z.object({ at: z.literal('hold'), since: Instant, callId: CallId }),
  /** Helping a colleague in a call of theirs: no offer comes. */
  z.object({ at: z.literal('helping'), since: Instant, callId: CallId }),
  /** `until`: the clock ends it then; null: it does not. */
  z.object({ at: z.literal('wrap-up'), since: Instant, callId: CallId, rule: WrapUpRule, until: Instant.nullable() }),
  z.object({ at: z.literal('break'), since: Instant, reason: BreakReason.or(z.literal('missed-offer')) }),
]);
export type AgentState = z.infer<typeof AgentState>;

/** The hall at a glance, for the desk's status bar. */
export const Board = z.object({
  waiting: z.number().int(),
  longestWaitSince: Instant.nullable(),
  ready: z.number().int(),
  inCall: z.number().int(),
});
export type Board = z.infer<typeof Board>;

export const queueRequests = {
  /** Puts the kiosk's case in the queue, with whatever is entered so far; again while it waits, answers with the same ticket. */
  'queue:join': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId }),
    out: z.object({ ticketId: TicketId }),
  }),
  /** Leaves the queue, back to the form. The ticket is gone. */
  'queue:leave': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId }),
    out: z.object({}),
  }),
  /** The customer has waited too long, and waits on: not asked again before the longest wait has passed once more. */
  'queue:wait-on': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId }),
    out: z.object({}),
  }),
  /**
   * The customer goes away and is called by phone when the turn comes. The case is put by, the place is kept until
   * `keptUntil`; the code brings both back at a kiosk. `wrong-state` when the ticket's choices do not have it.
   */
  'queue:call-back': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: true,
    in: z.object({ caseId: CaseId, phone: z.string().regex(/^\+?\d{7,15}$/) }),
    out: z.object({ code: HandoverCode, keptUntil: Instant }),
  }),
  /** Customers of this branch who want to be called, in the order of their turn. */
  'queue:call-backs': request({
    from: ['branch-staff'],
    stage: 'ready',
    changes: false,
    in: z.object({}),
    out: z.object({ callBacks: z.array(CallBackView) }),
  }),
  /** Branch staff have called the customer: it is kept with the ticket. */
  'queue:called-back': request({
    from: ['branch-staff'],
    stage: 'ready',
    changes: true,
    in: z.object({ ticketId: TicketId, reached: z.boolean() }),
    out: z.object({}),
  }),
  /** offline, break or missed-offer → ready. */
  'queue:ready': request({ from: ['agent'], stage: 'ready', changes: true, in: z.object({}), out: z.object({}) }),
  'queue:break': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ reason: BreakReason }),
    out: z.object({}),
  }),
  'queue:sign-off': request({ from: ['agent'], stage: 'ready', changes: true, in: z.object({}), out: z.object({}) }),
  /** Gives the offer back; the customer keeps the place. `offer-gone` when it is no longer this agent's. */
  'queue:decline': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ offerId: OfferId, reason: DeclineReason }),
    out: z.object({}),
  }),
  /**
   * Ends wrap-up: keeps outcome and note with the call, and the agent is ready (or on a break). `outcome` null: left
   * unsaid, where the rule allows it; `invalid-value` where it does not.
   */
  'queue:wrap-up': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({
      callId: CallId,
      outcome: Outcome.nullable(),
      note: z.string().trim().max(2000),
      then: z.enum(['ready', 'break']),
    }),
    out: z.object({}),
  }),
};

export const queueNotices = {
  'queue:ticket-changed': notice({ to: ['kiosk'], data: z.object({ ticket: TicketView.nullable() }) }),
  'queue:agent-changed': notice({ to: ['agent'], data: z.object({ agent: AgentState }) }),
  'queue:board-changed': notice({ to: ['agent', 'supervisor'], data: z.object({ board: Board }) }),
};
