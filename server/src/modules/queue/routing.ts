import type { QueueRule, QueueRules } from '@openvtm/protocol';
import { isOpen, nextOpening } from './hours.ts';

/** Where a ticket comes from: its branch (null: not known) and its service's family. */
export type Origin = { branchId: string | null; family: string };

/** The one queue that a ticket enters: the first of the file that takes its branch and its family. */
export function queueFor(rules: QueueRules, { branchId, family }: Origin): QueueRule {
  const groups = rules.groups.filter(({ branches }) => branchId !== null && branches.includes(branchId));
  const found = rules.queues.find(
    ({ group, families }) =>
      (group === null || groups.some(({ id }) => id === group)) &&
      (families.length === 0 || families.some((one) => one === family)),
  );
  // Checked rules take every family from every branch.
  if (!found) throw new Error(`no queue takes ${family}`);
  return found;
}

export const queueOf = (rules: QueueRules, queueId: string): QueueRule | undefined =>
  rules.queues.find(({ id }) => id === queueId);

export type OverflowReason = 'closed' | 'nobody' | 'waited';
export type Routed = {
  queue: QueueRule;
  /** Queues that it overflowed from, in order. */
  left: { queueId: string; reason: OverflowReason }[];
};

/**
 * The queue in which a ticket is after all overflows that are due now. `since`: when it came into `from`;
 * `hasSomebody`: whether anybody on duty could serve it from a queue.
 */
export function routeNow(
  rules: QueueRules,
  from: QueueRule,
  at: { joinedAt: number; now: number; hasSomebody: (queue: QueueRule) => boolean },
): Routed {
  const left: Routed['left'] = [];
  let queue = from;
  for (;;) {
    const due = overflowDue(rules, queue, at);
    const next = due && queueOf(rules, due.to);
    if (!due || !next) return { queue, left };
    left.push({ queueId: queue.id, reason: due.reason });
    queue = next;
  }
}

function overflowDue(
  rules: QueueRules,
  queue: QueueRule,
  { joinedAt, now, hasSomebody }: { joinedAt: number; now: number; hasSomebody: (queue: QueueRule) => boolean },
): { to: string; reason: OverflowReason } | null {
  const { closed, nobody, waited } = queue.overflow;
  if (closed !== undefined && !isOpen(queue, rules.timeZone, now)) return { to: closed, reason: 'closed' };
  if (nobody !== undefined && !hasSomebody(queue)) return { to: nobody, reason: 'nobody' };
  if (waited !== undefined && now - joinedAt >= waited.seconds * 1000) return { to: waited.to, reason: 'waited' };
  return null;
}

/** Why a queue can't serve at once: closed (with its next opening, null: none within a year), or nobody on duty who could. */
export type Shut = { is: 'closed'; opensAt: number | null } | { is: 'nobody' } | null;

export function shutOf(rules: QueueRules, queue: QueueRule, at: { now: number; hasSomebody: boolean }): Shut {
  if (!isOpen(queue, rules.timeZone, at.now))
    return { is: 'closed', opensAt: nextOpening(queue, rules.timeZone, at.now) };
  return at.hasSomebody ? null : { is: 'nobody' };
}
