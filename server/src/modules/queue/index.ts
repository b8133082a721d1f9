import type { Board, Language, TicketView } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createAgents } from './agents.ts';
import { createOffers } from './offers.ts';
import { createPast, type Past } from './past.ts';
import type { AgentAt } from './queue.store.ts';
import { createTickets } from './tickets.ts';

export type { OfferAbout } from './queue-facts.ts';
export type { AgentAt } from './queue.store.ts';
// The rules' pure functions: a replay works with the same ones.
export * from './conditions.ts';
export * from './eligibility.ts';
export * from './hours.ts';
export * from './routing.ts';
export * from './rules-file.ts';
export * from './score.ts';

/** What a ticket asks of its agent, from the service; what its score and its way depend on, from case, customer and branch. */
export type TicketWish = {
  caseId: string;
  kioskId: string;
  serviceId: string;
  skills: Record<string, number>;
  language: Language;
  minutes: number;
  /** Of the kiosk; null or left out: not known. */
  branchId?: string | null;
  /** The service's family, its category in the catalogue. */
  family?: string;
  /** The service's class, 1 (first) to 5; 3 when left out. */
  priority?: number;
  vip?: boolean;
  /** The customer uses the elder mode. */
  elder?: boolean;
  /** The customer's call broke off. */
  handBack?: boolean;
  /** When the customer's appointment is; it counts as the rules say. */
  appointmentAt?: number | null;
  /** Asked alone at first: the agent of the customer, or of the call before. */
  preferredStaffId?: string | null;
  /** The customer has waited since then already: after a call-back, or before an appointment that came late. */
  joinedAt?: number;
};
export type AcceptedOffer = {
  offerId: string;
  callId: string;
  ticketId: string;
  caseId: string;
  kioskId: string;
  staffId: string;
  /** Whose line is down in this moment. */
  customerAway: boolean;
  agentAway: boolean;
};
export type RingingOffer = {
  offerId: string;
  callId: string;
  caseId: string;
  kioskId: string;
  serviceId: string;
  madeAt: number;
  deadline: number;
  joinedAt: number;
  language: Language;
};
export type AgentBrief = { at: AgentAt; since: number; reason: string | null; callId: string | null };

/** Tickets, agents and the offers between them. All of it in Postgres; every claim is one statement. */
export type Queue = Past & {
  /** The ticket of the case; again while it waits: the same one. */
  join(work: Work, wish: TicketWish): Promise<{ ticketId: string }>;
  /** Takes the case's ticket out; an offer that rings for it is rescinded. No ticket: nothing. */
  leave(work: Work, caseId: string, reason: string): Promise<void>;
  /** Makes all the offers that can be made now. */
  match(work: Work): Promise<number>;
  /** Exactly one winner; `offer-gone` for everybody else. */
  accept(work: Work, staffId: string, offerId: string): Promise<AcceptedOffer>;
  decline(work: Work, staffId: string, offerId: string, reason: string): Promise<void>;
  /** Ends offers whose deadline has passed: the ticket keeps its place, the agent goes on a visible break. */
  expireOffers(work: Work): Promise<void>;

  agentReady(
    work: Work,
    agent: { staffId: string; skills: Record<string, number>; languages: Language[] },
  ): Promise<void>;
  agentBreak(work: Work, staffId: string, reason: string): Promise<void>;
  agentSignOff(work: Work, staffId: string): Promise<void>;
  /** The call is over: its agent is in wrap-up. */
  agentCallEnded(work: Work, staffId: string, callId: string): Promise<void>;
  /** Wrap-up is over. `wrong-state` when the agent wraps up another call or none. */
  agentWrapUpDone(work: Work, staffId: string, wish: { callId: string; then: 'ready' | 'break' }): Promise<void>;

  /** A line went down or came up. At the start of the process nobody is here: `everybodyAbsent`. */
  absent(work: Work, who: { kioskId: string } | { staffId: string }): Promise<void>;
  returned(work: Work, who: { kioskId: string } | { staffId: string }): Promise<void>;
  everybodyAbsent(work: Work): Promise<void>;
  /** Gives up tickets and agents that have been absent too long. Returns the cases whose tickets were given up. */
  giveUpAbsent(work: Work): Promise<string[]>;

  ticketView(kioskId: string): Promise<TicketView | null>;
  waitingKiosks(): Promise<string[]>;
  agent(staffId: string): Promise<AgentBrief | null>;
  ringing(staffId: string): Promise<RingingOffer | null>;
  /** Every offer that rings just now. */
  allRinging(): Promise<{ callId: string; staffId: string; kioskId: string }[]>;
  board(): Promise<Board>;
};

export const queueSchema = { schema: 'queue', dir: new URL('./migrations/', import.meta.url) };
export function openQueue(needs: { database: Database }): Queue {
  return { ...createTickets(needs), ...createOffers(needs), ...createAgents(needs), ...createPast(needs) };
}
