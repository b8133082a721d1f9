import { z } from 'zod';
import { notice, request } from './define.ts';
import { Print } from './cases.ts';
import { CallId, CaseId, Instant, OfferId, TicketId } from './ids.ts';
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
  /** Minutes, an honest range; null when nobody who could serve it is on duty. */
  wait: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
  /**
   * Of a customer who came in time for an appointment: from `from` on the ticket stands before those who joined up to
   * so many `minutes` earlier. `counts`: it does already.
   */
  booked: z.object({ from: Instant, minutes: z.number().int(), counts: z.boolean() }).nullable(),
});
export type TicketView = z.infer<typeof TicketView>;

export const DeclineReason = z.enum(['technical-problem', 'conflict-of-interest', 'wrong-skill', 'need-a-minute']);
export type DeclineReason = z.infer<typeof DeclineReason>;
export const BreakReason = z.enum(['break', 'meal', 'training', 'meeting', 'technical-problem']);
export type BreakReason = z.infer<typeof BreakReason>;
export const Outcome = z.enum(['complete', 'incomplete', 'escalated', 'rejected', 'suspicious', 'technical-problem']);
export type Outcome = z.infer<typeof Outcome>;

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
  /** What the customer has filled, with C2 values masked. `choice` has the words for a value chosen from a list. */
  known: z.array(z.object({ label: Text, shown: z.string(), choice: Text.nullable() })),
});
export type OfferView = z.infer<typeof OfferView>;

/** An agent's state; `since` is when it began. */
export const AgentState = z.discriminatedUnion('at', [
  z.object({ at: z.literal('offline'), since: Instant }),
  z.object({ at: z.literal('ready'), since: Instant }),
  z.object({ at: z.literal('offered'), since: Instant, offer: OfferView }),
  z.object({ at: z.literal('in-call'), since: Instant, callId: CallId }),
  z.object({ at: z.literal('wrap-up'), since: Instant, callId: CallId }),
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
  /** Ends wrap-up: keeps outcome and note with the call, and the agent is ready (or on a break). */
  'queue:wrap-up': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({
      callId: CallId,
      outcome: Outcome,
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
