import type { QueueRule, QueueRules } from '@openvtm/protocol';
import { conditionsOf, stepBegins, stepByTime, stepInForce, type Conditions, type Wanted } from './conditions.ts';
import { isOpen, nextChange } from './hours.ts';
import { queueFor, queueOf, routeNow, type Origin, type OverflowReason, type Routed } from './routing.ts';

/** What a ticket's place depends on; times in ms since 1970. */
export type Placeable = Origin &
  Wanted & {
    /** The queue that it is in; null: none yet, or one that the rules no longer have. */
    queueId: string | null;
    joinedAt: number;
    preferredUntil: number | null;
    /** From when its appointment counts. */
    countsFrom: number | null;
    overdueSince: number | null;
    waitsOnSince: number | null;
  };

/** Where a ticket stands now, and when that may change by the clock alone. */
export type Place = {
  queue: QueueRule;
  left: Routed['left'];
  /** What each step asks, and the one in force. */
  steps: Conditions[];
  step: number;
  open: boolean;
  overdue: boolean;
  changes: Change[];
};
export type ChangeIs = 'step' | 'overflow' | 'opens' | 'closes' | 'appointment-counts' | 'preferred-ends' | 'choices';
export type Change = { at: number; is: ChangeIs };

/** The queue that a ticket is in before what is due now. */
export const queueBefore = (rules: QueueRules, ticket: Placeable): QueueRule =>
  (ticket.queueId === null ? undefined : queueOf(rules, ticket.queueId)) ?? queueFor(rules, ticket);

/** A queue and all those that its tickets may come to by overflow. */
export function reachable(rules: QueueRules, from: QueueRule): QueueRule[] {
  const found = [from];
  for (const { overflow } of found)
    for (const id of [overflow.closed, overflow.nobody, overflow.waited?.to]) {
      const next = id === undefined ? undefined : queueOf(rules, id);
      if (next && !found.includes(next)) found.push(next);
    }
  return found;
}

/** Works out a ticket's place. `isStaffed`: whether anybody on duty fulfils these conditions. */
export function placeOf(
  rules: QueueRules,
  ticket: Placeable,
  { now, isStaffed }: { now: number; isStaffed: (conditions: Conditions) => boolean },
): Place {
  const { joinedAt } = ticket;
  const hasSomebody = (queue: QueueRule) => conditionsOf(rules, queue, ticket).some(isStaffed);
  const { queue, left } = routeNow(rules, queueBefore(rules, ticket), { joinedAt, now, hasSomebody });
  const steps = conditionsOf(rules, queue, ticket);
  const waited = Math.max(0, now - joinedAt);
  const step = stepInForce(queue, waited, (one) => steps[one] !== undefined && isStaffed(steps[one]));
  const open = isOpen(queue, rules.timeZone, now);
  const tooLong =
    queue.maxWaitSeconds === null ? null : (ticket.waitsOnSince ?? joinedAt) + queue.maxWaitSeconds * 1000;
  return {
    queue,
    left,
    steps,
    step,
    open,
    overdue: tooLong !== null && now >= tooLong,
    changes: changesOf(rules, ticket, { queue, now, waited, open, tooLong }),
  };
}

function changesOf(
  rules: QueueRules,
  ticket: Placeable,
  at: { queue: QueueRule; now: number; waited: number; open: boolean; tooLong: number | null },
): Change[] {
  const { queue, now, waited, open, tooLong } = at;
  const changes: { at: number | null; is: ChangeIs }[] = [];
  const next = stepByTime(queue, waited) + 1;
  if (next < queue.steps.length) changes.push({ at: ticket.joinedAt + stepBegins(queue, next), is: 'step' });
  if (queue.overflow.waited)
    changes.push({ at: ticket.joinedAt + queue.overflow.waited.seconds * 1000, is: 'overflow' });
  changes.push({ at: nextChange(queue, rules.timeZone, now), is: open ? 'closes' : 'opens' });
  changes.push({ at: ticket.countsFrom, is: 'appointment-counts' });
  changes.push({ at: ticket.preferredUntil, is: 'preferred-ends' });
  if (ticket.overdueSince === null) changes.push({ at: tooLong, is: 'choices' });
  return changes
    .filter((change): change is Change => change.at !== null && change.at > now)
    .toSorted((a, b) => a.at - b.at);
}

/** In words of the journal: why a ticket came from one queue to the next. */
export type Overflowed = { from: string; to: string; reason: OverflowReason };
export const overflowsOf = (left: Routed['left'], to: string): Overflowed[] =>
  left.map(({ queueId, reason }, i) => ({ from: queueId, to: left[i + 1]?.queueId ?? to, reason }));
