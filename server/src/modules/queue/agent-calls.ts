import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { moveAgent } from './agent-moves.ts';
import { lockAgent, saveAgent, updateAgent, type AgentAt, type AgentRow } from './agents.store.ts';
import type { AgentWish, Queue } from './index.ts';

const IN_CALL: ReadonlySet<AgentAt> = new Set(['in-call', 'hold', 'helping']);

type Needs = {
  newAgent: (staffId: string, now: number) => AgentRow;
  /** What the agent can do, as the agent's row has it. */
  ableOf: (work: Work, able: Omit<AgentWish, 'staffId'>) => Promise<Partial<AgentRow>>;
};

/** An agent in a call, once it runs: with the customer, with the customer on hold, or helping. See `Queue`. */
export function createAgentCalls({ newAgent, ableOf }: Needs): Pick<Queue, 'agentInCall' | 'agentFree'> {
  const signedOn = async (work: Work, staffId: string): Promise<AgentRow> => {
    const known = await lockAgent(work.tx, staffId);
    if (known) return known;
    const fresh = newAgent(staffId, work.now);
    await saveAgent(work.tx, fresh);
    return fresh;
  };

  return {
    async agentInCall(work, staffId, { callId, at, able }) {
      const locked = await signedOn(work, staffId);
      if (locked.state === at && locked.call_id === callId) return;
      // An offer that rings is answered first: its ticket would wait for somebody who is not free.
      if (locked.state === 'offered') throw new Refusal('wrong-state', 'an offer rings');
      if (IN_CALL.has(locked.state) && locked.state !== 'helping' && locked.call_id !== callId)
        throw new Refusal('wrong-state', 'in another call');
      // Who helps in several calls at once shows the latest.
      if (locked.state === 'helping' && at === 'helping') {
        await updateAgent(work.tx, staffId, { call_id: callId });
        return;
      }
      await moveAgent(work, staffId, { to: at, callId, locked, ...(able ? { set: await ableOf(work, able) } : {}) });
    },

    async agentFree(work, staffId, { callId, stillIn }) {
      const locked = await lockAgent(work.tx, staffId);
      if (!locked || !IN_CALL.has(locked.state)) return;
      if (locked.state === 'helping' && stillIn !== null) {
        await updateAgent(work.tx, staffId, { call_id: stillIn });
        return;
      }
      if (locked.call_id === callId) await moveAgent(work, staffId, { to: 'ready', locked });
    },
  };
}
