import { z } from 'zod';
import { request } from './define.ts';
import { Instant, OfferId, StaffId, TicketId } from './ids.ts';
import { BreakReason, OfferWhy } from './queue.ts';
import { Language } from './roles.ts';
import { Text } from './texts.ts';

const Count = z.number().int().nonnegative();
/** Seconds. */
const Seconds = z.number().int().nonnegative();
/** Of a hundred; null where there is nothing to take a share of. */
const Percent = z.number().nullable();

/** What became of the customers of a time. Who asked to be called back counts as neither answered nor abandoned. */
export const QueueFigures = z.object({
  came: Count,
  answered: Count,
  abandoned: Count,
  callBacks: Count,
  /** Of those answered. */
  meanWait: Seconds,
  p90Wait: Seconds,
  /** Answered in time, of those answered. */
  sl: Percent,
  /** Answered or given up in time, of those answered or given up (Asterisk's SL2). */
  sl2: Percent,
  abandonedShare: Percent,
  /** Offers beyond the first of each ticket. */
  reOffers: Count,
  /** First waits that were told, and how many of those answered came within what was told. */
  told: Count,
  held: Count,
});
export type QueueFigures = z.infer<typeof QueueFigures>;

export const BoardQueue = z.object({
  queueId: z.string(),
  title: Text,
  /** null: open. `opensAt` null: not within a year. */
  closed: z.object({ opensAt: Instant.nullable() }).nullable(),
  waiting: Count,
  longestSince: Instant.nullable(),
  /** Agents who could take tickets like those that wait in it or came today: free now, and on duty in all. */
  free: Count,
  onDuty: Count,
  /** Answered within this is in time. */
  serviceLevelSeconds: Seconds,
  today: QueueFigures,
});
export type BoardQueue = z.infer<typeof BoardQueue>;

export const BoardTicket = z.object({
  ticketId: TicketId,
  queueId: z.string(),
  service: Text,
  kiosk: z.string(),
  joinedAt: Instant,
  at: z.enum(['waiting', 'coming', 'call-back']),
  /** The highest goes first. */
  score: z.number(),
  /** The kiosk's line is down: it keeps its place and is offered to nobody. */
  absent: z.boolean(),
});
export type BoardTicket = z.infer<typeof BoardTicket>;

export const AgentAtName = z.enum(['ready', 'offered', 'in-call', 'hold', 'helping', 'wrap-up', 'break']);
export const BoardAgent = z.object({
  staffId: StaffId,
  name: z.string(),
  at: AgentAtName,
  since: Instant,
  /** Of a break; `missed-offer` and `line-lost` are the system's. */
  reason: BreakReason.or(z.enum(['missed-offer', 'line-lost'])).nullable(),
  skills: z.record(z.string(), z.number().int()),
  languages: z.array(Language),
  absent: z.boolean(),
});
export type BoardAgent = z.infer<typeof BoardAgent>;

/** The queues of the whole bank at this moment, and since midnight by the rules' clock. */
export const QueueBoard = z.object({
  now: Instant,
  queues: z.array(BoardQueue),
  all: QueueFigures,
  /** Share of the agents' time on duty today that they spent with customers or their business. */
  occupancy: Percent,
  /** In the order of serving, at most 200 of `waiting`. */
  tickets: z.array(BoardTicket),
  waiting: Count,
  /** Those signed on, at most 500 of `signedOn`. */
  agents: z.array(BoardAgent),
  signedOn: Count,
});
export type QueueBoard = z.infer<typeof QueueBoard>;

/** A score that a person can add up again; each point is a second of waiting. */
export const ScoreView = z.object({
  total: z.number(),
  parts: z.object({
    queue: z.number(),
    priority: z.number(),
    appointment: z.number(),
    vip: z.number(),
    elder: z.number(),
    handBack: z.number(),
    waited: z.number(),
  }),
});
export type ScoreView = z.infer<typeof ScoreView>;

/** What one step of routing asks, and who could fulfil it. */
export const StepView = z.object({
  /** Seconds of waiting at which it begins by the clock. */
  begins: Seconds,
  /** Levels asked, by the skill's title; licences never loosen. */
  skills: z.array(z.object({ title: Text, level: z.number().int(), licence: z.boolean() })),
  /** null: any. */
  language: Language.nullable(),
  /** The group whose agents may take it; null: all. */
  staffedBy: Text.nullable(),
  onDuty: Count,
  free: Count,
  /** `skipped`: its time has come, and nobody on duty could fulfil it. */
  state: z.enum(['past', 'skipped', 'in-force', 'to-come']),
});
export type StepView = z.infer<typeof StepView>;

export const ExplainedOffer = z.object({
  offerId: OfferId,
  name: z.string(),
  madeAt: Instant,
  /** `open`: it rings now. */
  how: z.enum(['open', 'accepted', 'declined', 'expired', 'rescinded']),
  endedAt: Instant.nullable(),
  why: OfferWhy.nullable(),
});

/** Why a ticket waits and what happens next. */
export const Explanation = z.object({
  ticketId: TicketId,
  service: Text,
  queue: Text,
  joinedAt: Instant,
  state: z.enum(['waiting', 'offered', 'served', 'left', 'abandoned', 'call-back']),
  /** Tickets of any queue that the same agents would be given before this one. */
  ahead: Count,
  score: ScoreView,
  steps: z.array(StepView),
  /** Queues that it came through before this one. */
  left: z.array(z.object({ queue: Text, why: z.enum(['closed', 'nobody', 'waited']) })),
  /**
   * `coming`: an offer rings; `preferred`: held for one agent until then; `absent`: the kiosk's line is down;
   * `closed`: the queue is; `nobody`: nobody on duty could serve it; `resting`: those who could have just declined or
   * missed it; `busy`: those who could are busy; `call-back`: the customer went, and is called; `over`: it no longer waits.
   */
  why: z.enum(['coming', 'preferred', 'absent', 'closed', 'nobody', 'resting', 'busy', 'call-back', 'over']),
  /** What changes by the clock alone, soonest first. */
  next: z.array(
    z.object({
      at: Instant,
      is: z.enum([
        'step',
        'overflow',
        'opens',
        'appointment-counts',
        'preferred-ends',
        'rest-ends',
        'choices',
        'deadline',
      ]),
    }),
  ),
  offers: z.array(ExplainedOffer),
});
export type Explanation = z.infer<typeof Explanation>;

export const queueBoardRequests = {
  /** The supervisor's board, read fresh. */
  'queue:board': request({ from: ['supervisor'], stage: 'ready', changes: false, in: z.object({}), out: QueueBoard }),
  /** Explains a ticket, also one that is over. An agent may ask of the tickets that were offered to them. `not-found`. */
  'queue:explain': request({
    from: ['agent', 'supervisor'],
    stage: 'ready',
    changes: false,
    in: z.object({ ticketId: TicketId }),
    out: Explanation,
  }),
};
