import type { Board, Language, OfferWhy, QueueFigures, TicketView, WrapUpRule } from '@openvtm/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { Database, Queryable } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import type { AgentAt } from './agents.store.ts';
import { createAgents } from './agents.ts';
import { createBoard, type BoardRead } from './board.ts';
import { wasOffered } from './explain.store.ts';
import { createExplain, type Explained } from './explain.ts';
import { createLanes } from './lanes.ts';
import type { Among } from './offers.store.ts';
import { createOffers } from './offers.ts';
import { createPassing, type PassTargets, type PassWish } from './passing.ts';
import { createPast, type Past } from './past.ts';
import { createPlaces } from './places.ts';
import { createRulesInForce, type RulesInForce } from './rules-in-force.ts';
import type { PassedTo } from './tickets.store.ts';
import { createTickets } from './tickets.ts';
import { createWaits } from './waits.ts';

export type { AgentAt } from './agents.store.ts';
export type { Among } from './offers.store.ts';
export type { PassTargets } from './passing.ts';
export type { PassedTo } from './tickets.store.ts';
export type { OfferAbout } from './queue-facts.ts';
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
  /** An agent passed the customer on: the time waited before counts on, and that agent is not asked. */
  passed?: { by: string; to: PassedTo | null };
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
  ticketId: string;
  caseId: string;
  kioskId: string;
  serviceId: string;
  madeAt: number;
  deadline: number;
  joinedAt: number;
  language: Language;
  why: OfferWhy | null;
};
/** `wrapUp`: of the wrap-up that runs. */
export type AgentBrief = {
  at: AgentAt;
  since: number;
  reason: string | null;
  callId: string | null;
  wrapUp: { rule: WrapUpRule; until: number | null } | null;
};
/** What an agent can do, as it is when the agent comes on duty. */
export type AgentWish = {
  staffId: string;
  skills: Record<string, number>;
  languages: Language[];
  branchId?: string | null;
};
/** A customer of a branch who wants to be called, in the order of the turn. */
export type CallBack = {
  ticketId: string;
  caseId: string;
  kioskId: string;
  serviceId: string;
  language: Language;
  joinedAt: number;
  keptUntil: number;
  ahead: number;
  due: boolean;
};

/** Tickets, agents and the offers between them. All of it in Postgres; every claim is one statement. */
export type Queue = Past & {
  /** The ticket of the case; again while it waits: the same one. Who comes back in time keeps the place. */
  join(work: Work, wish: TicketWish): Promise<{ ticketId: string }>;
  /** Where a customer can be passed on to, and who is there: for the agents who could serve such a ticket, `except` left out. */
  passTargets(wish: PassWish, besides: { except: string }, reader?: Queryable): Promise<PassTargets>;
  /** Why nobody could serve such a ticket now, if it joined; null: somebody can. */
  shutFor(wish: PassWish, reader?: Queryable): Promise<TicketView['shut']>;
  /** Takes the case's ticket out; an offer that rings for it is rescinded. No ticket: nothing. */
  leave(work: Work, caseId: string, reason: string): Promise<void>;
  /** Who has waited too long waits on: asked again only after the longest wait once more. */
  waitOn(work: Work, caseId: string): Promise<void>;
  /** The case waits no longer, and its place is kept until then; `wrong-state` when an agent is coming. */
  callBack(work: Work, wish: { caseId: string; until: number }): Promise<{ ticketId: string }>;
  callBacks(branchId: string): Promise<CallBack[]>;
  /** Gives up call-backs whose kept time is over. Returns their cases. */
  expireCallBacks(work: Work): Promise<string[]>;
  /** Gives a new place to tickets that are due for one, so many at a time. Whether more are due. */
  tend(work: Work): Promise<boolean>;
  /** Makes offers, so many at a time, among these agents or tickets or among all. `again`: more may be possible. */
  match(work: Work, among?: Among): Promise<{ made: number; again: boolean }>;
  /** Exactly one winner; `offer-gone` for everybody else. */
  accept(work: Work, staffId: string, offerId: string): Promise<AcceptedOffer>;
  decline(work: Work, staffId: string, offerId: string, reason: string): Promise<void>;
  /** Ends offers whose deadline has passed: the ticket keeps its place, the agent goes on a visible break. */
  expireOffers(work: Work): Promise<void>;

  agentReady(work: Work, agent: AgentWish): Promise<void>;
  agentBreak(work: Work, staffId: string, reason: string): Promise<void>;
  agentSignOff(work: Work, staffId: string): Promise<void>;
  /** The call is over: its agent is in wrap-up, or ready where the rules want none. */
  agentCallEnded(work: Work, staffId: string, callId: string): Promise<void>;
  /**
   * How an agent is in a call that runs: leads it, has its customer on hold, or helps. `wrong-state` while an offer
   * rings, in wrap-up, or in another call.
   */
  agentInCall(
    work: Work,
    staffId: string,
    /** `able`: of who may come from off duty, and is on duty from then on. */
    how: { callId: string; at: 'in-call' | 'hold' | 'helping'; able?: Omit<AgentWish, 'staffId'> },
  ): Promise<void>;
  /** The call goes on without this agent, who is ready again, or helps in `stillIn`. In no such call: nothing. */
  agentFree(work: Work, staffId: string, call: { callId: string; stillIn: string | null }): Promise<void>;
  /**
   * Wrap-up is over. `wrong-state` when the agent wraps up another call or none; `invalid-value` without an outcome
   * where the rule wants one.
   */
  agentWrapUpDone(
    work: Work,
    staffId: string,
    wish: { callId: string; then: 'ready' | 'break'; hasOutcome: boolean },
  ): Promise<void>;
  /** Ends wrap-ups whose time is over. */
  endWrapUps(work: Work): Promise<void>;

  /** A line went down or came up. At the start of the process nobody is here: `everybodyAbsent`. */
  absent(work: Work, who: { kioskId: string } | { staffId: string }): Promise<void>;
  returned(work: Work, who: { kioskId: string } | { staffId: string }): Promise<void>;
  everybodyAbsent(work: Work): Promise<void>;
  /** Gives up tickets and agents that have been absent too long. Returns the cases whose tickets were given up. */
  giveUpAbsent(work: Work): Promise<string[]>;

  /** `reader`: the change in which it is read, so that it takes no second connection. */
  ticketView(kioskId: string, reader?: Queryable): Promise<TicketView | null>;
  waitingKiosks(): Promise<string[]>;
  agent(staffId: string): Promise<AgentBrief | null>;
  /** The same inside a change. */
  agentIn(work: Work, staffId: string): Promise<AgentBrief | null>;
  /** Agents who are ready and whose line is up, those who have been so for longest first; 100 at most. */
  colleagues(besides: { except: string }): Promise<Pick<AgentWish, 'staffId' | 'skills' | 'languages'>[]>;
  ringing(staffId: string): Promise<RingingOffer | null>;
  /** Every offer that rings just now. */
  allRinging(): Promise<{ callId: string; staffId: string; kioskId: string }[]>;
  board(): Promise<Board>;
  /** Since midnight by the rules' clock; `occupancy` of a hundred. */
  figures(): Promise<{ all: QueueFigures; queues: Map<string, QueueFigures>; occupancy: number | null }>;
  queueBoard(): Promise<BoardRead>;
  /** Why a ticket waits or how it ended; `not-found`. */
  explain(ticketId: string): Promise<Explained>;
  wasOffered(ticketId: string, staffId: string): Promise<boolean>;
  rulesWritten: RulesInForce['rulesWritten'];
  changeRules: RulesInForce['changeRules'];
};

export const queueSchema = { schema: 'queue', dir: new URL('./migrations/', import.meta.url) };
export function openQueue({ database, clock }: { database: Database; clock: Clock }): Queue {
  const rules = createRulesInForce({ database });
  const lanes = createLanes();
  const places = createPlaces({ lanes, rules });
  const needs = { database, clock, rules, lanes, places };
  return {
    ...createTickets(needs),
    ...createOffers(needs),
    ...createAgents(needs),
    ...createWaits(needs),
    ...createBoard(needs),
    ...createPassing(needs),
    ...createPast(needs),
    tend: places.tend,
    explain: createExplain(needs),
    wasOffered: (ticketId, staffId) => wasOffered(database, ticketId, staffId),
    rulesWritten: rules.rulesWritten,
    changeRules: rules.changeRules,
  };
}
