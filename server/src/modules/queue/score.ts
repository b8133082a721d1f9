import type { QueueRules } from '@openvtm/protocol';

/** What a ticket's score is made of; times in ms since 1970. */
export type Scored = {
  queueId: string;
  joinedAt: number;
  /** 1 goes first, 5 last. */
  priority: number;
  vip: boolean;
  elder: boolean;
  handBack: boolean;
  appointmentAt: number | null;
};

/** The points of a score, each by its name; their sum is the score. */
export type ScoreParts = {
  queue: number;
  priority: number;
  appointment: number;
  vip: number;
  elder: number;
  handBack: number;
  /** One a second; less than 0 while the clock is behind the moment of joining. */
  waited: number;
};

/** Whether an appointment counts: from shortly before its time, for those who came no later than shortly after it. */
export const appointmentCounts = (rules: QueueRules, ticket: Scored, now: number): boolean =>
  ticket.appointmentAt !== null &&
  now >= ticket.appointmentAt - rules.appointment.early * 1000 &&
  ticket.joinedAt <= ticket.appointmentAt + rules.appointment.late * 1000;

export function scoreParts(rules: QueueRules, ticket: Scored, now: number): ScoreParts {
  const { weights } = rules;
  return {
    queue: rules.queues.find(({ id }) => id === ticket.queueId)?.weight ?? 0,
    priority: weights.classes[ticket.priority - 1] ?? 0,
    appointment: appointmentCounts(rules, ticket, now) ? weights.appointment : 0,
    vip: ticket.vip ? weights.vip : 0,
    elder: ticket.elder ? weights.elder : 0,
    handBack: ticket.handBack ? weights.handBack : 0,
    waited: (now - ticket.joinedAt) / 1000,
  };
}

/** A ticket's score now; the highest goes first. */
export const scoreOf = (rules: QueueRules, ticket: Scored, now: number): number =>
  Object.values(scoreParts(rules, ticket, now)).reduce((sum, part) => sum + part, 0);

/** The points that do not grow. */
export function headStart(rules: QueueRules, ticket: Scored, now: number): number {
  const { queue, priority, appointment, vip, elder, handBack } = scoreParts(rules, ticket, now);
  return queue + priority + appointment + vip + elder + handBack;
}

/**
 * The moment since which a ticket without any head start would have the same score: the lowest goes first. All scores
 * grow alike, so the order by it is the order by score at every moment; it changes once, when an appointment begins to count.
 */
export const rankOf = (rules: QueueRules, ticket: Scored, now: number): number =>
  ticket.joinedAt - headStart(rules, ticket, now) * 1000;
