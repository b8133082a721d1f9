import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { mayMove } from './agent-state.ts';
import { lockAgent, updateAgent, type AgentAt, type AgentRow } from './agents.store.ts';
import { aboutTicket, type QueueFact } from './queue-facts.ts';
import { releaseHeld } from './tickets.store.ts';

/**
 * Moves an agent to another state, journalled; `wrong-state` when there is no way. `set`: what else changes with it. Who
 * becomes ready is the last among the idle, unless `set` says otherwise; nobody waits for who goes. Answers the agent as it was, its row locked.
 */
export async function moveAgent(
  work: Work,
  staffId: string,
  move: {
    to: AgentAt;
    reason?: string | null;
    callId?: string;
    set?: Partial<Omit<AgentRow, 'staff_id'>>;
    /** The row, where it is locked already. */
    locked?: AgentRow;
  },
): Promise<AgentRow> {
  const agent = move.locked ?? (await lockAgent(work.tx, staffId));
  const from = agent?.state ?? 'offline';
  if (!agent || !mayMove(from, move.to))
    throw new Refusal('wrong-state', `an agent does not go from ${from} to ${move.to}`);
  await updateAgent(work.tx, staffId, {
    state: move.to,
    since: work.now,
    reason: move.reason ?? null,
    call_id: move.callId ?? null,
    ...(move.to === 'ready' ? { idle_since: work.now } : {}),
    ...(from === 'wrap-up' ? { wrap_up_mode: null, wrap_up_seconds: null, wrap_up_until: null } : {}),
    // Off duty nobody is missed; who is ready again later must not count as away since then.
    ...(move.to === 'offline' ? { absent_since: null } : {}),
    ...move.set,
  });
  const fact: QueueFact = {
    kind: 'queue.agent-moved',
    about: { staffId },
    data: { from, to: move.to, reason: move.reason ?? null },
  };
  work.record(fact);
  if (move.to === 'break' || move.to === 'offline')
    for (const ticket of await releaseHeld(work.tx, staffId)) {
      const gone: QueueFact = { kind: 'queue.preferred-gone', about: aboutTicket(ticket) };
      work.record(gone);
    }
  return agent;
}
