import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import { moveAgent } from './agent-moves.ts';
import type { Queue } from './index.ts';
import { returnTicket } from './offer-ends.ts';
import { AGENT_ABSENCE_MS, KIOSK_ABSENCE_MS } from './queue-rules.ts';
import {
  agentById,
  agentsAbsentSince,
  endOffer,
  lockAgent,
  openOfferOfAgent,
  saveAgent,
  setAgentAbsence,
  setTicketAbsence,
  ticketsAbsentSince,
  updateAgent,
} from './queue.store.ts';
import { aboutTicket, withdrawTicket } from './ticket-ends.ts';

type Agents = Pick<
  Queue,
  | 'agentReady'
  | 'agentBreak'
  | 'agentSignOff'
  | 'agentCallEnded'
  | 'agentWrapUpDone'
  | 'absent'
  | 'returned'
  | 'everybodyAbsent'
  | 'giveUpAbsent'
  | 'agent'
>;

/** See `Queue` for each one's contract. */
export function createAgents({ database }: { database: Database }): Agents {
  return {
    async agentReady(work, { staffId, skills, languages }) {
      const agent = await lockAgent(work.tx, staffId);
      if (agent?.state === 'ready') return;
      if (!agent) {
        await saveAgent(work.tx, {
          staff_id: staffId,
          state: 'offline',
          since: work.now,
          reason: null,
          call_id: null,
          skills,
          languages,
          absent_since: null,
        });
      } else {
        await updateAgent(work.tx, staffId, { skills, languages });
      }
      // From an offer or a call there is no way to ready but through their ends.
      if (agent && (agent.state === 'offered' || agent.state === 'wrap-up'))
        throw new Refusal('wrong-state', `ready does not follow ${agent.state}`);
      await moveAgent(work, staffId, { to: 'ready' });
    },

    async agentBreak(work, staffId, reason) {
      const agent = await lockAgent(work.tx, staffId);
      if (agent?.state === 'offered' || agent?.state === 'wrap-up')
        throw new Refusal('wrong-state', `a break does not follow ${agent.state}`);
      await moveAgent(work, staffId, { to: 'break', reason });
    },

    async agentSignOff(work, staffId) {
      const agent = await lockAgent(work.tx, staffId);
      if (!agent || agent.state === 'offline') return;
      if (agent.state === 'offered' || agent.state === 'wrap-up')
        throw new Refusal('wrong-state', `signing off does not follow ${agent.state}`);
      await moveAgent(work, staffId, { to: 'offline' });
    },

    async agentCallEnded(work, staffId, callId) {
      const agent = await lockAgent(work.tx, staffId);
      if (agent?.state === 'in-call' && agent.call_id === callId)
        await moveAgent(work, staffId, { to: 'wrap-up', callId });
    },

    async agentWrapUpDone(work, staffId, { callId, then }) {
      const agent = await lockAgent(work.tx, staffId);
      if (agent?.state !== 'wrap-up' || agent.call_id !== callId)
        throw new Refusal('wrong-state', 'not in wrap-up of this call');
      await moveAgent(work, staffId, then === 'ready' ? { to: 'ready' } : { to: 'break', reason: 'break' });
    },

    async absent(work, who) {
      if ('staffId' in who) {
        await setAgentAbsence(work.tx, who.staffId, work.now);
        return;
      }
      for (const ticket of await setTicketAbsence(work.tx, who.kioskId, work.now))
        work.record({ kind: 'queue.absent', about: aboutTicket(ticket) });
    },

    async returned(work, who) {
      if ('staffId' in who) {
        for (const agent of await setAgentAbsence(work.tx, who.staffId, null)) {
          work.record({ kind: 'queue.agent-returned', about: { staffId: agent.staff_id } });
        }
        return;
      }
      for (const ticket of await setTicketAbsence(work.tx, who.kioskId, null))
        work.record({ kind: 'queue.returned', about: aboutTicket(ticket) });
    },

    async everybodyAbsent(work) {
      await setTicketAbsence(work.tx, null, work.now);
      await setAgentAbsence(work.tx, null, work.now);
    },

    async giveUpAbsent(work) {
      for (const agent of await agentsAbsentSince(work.tx, work.now - AGENT_ABSENCE_MS)) {
        const offer = agent.state === 'offered' ? await openOfferOfAgent(work.tx, agent.staff_id) : undefined;
        const ended =
          offer && (await endOffer(work.tx, offer.id, { state: 'expired', reason: 'agent-lost', now: work.now }));
        await moveAgent(work, agent.staff_id, { to: 'offline', reason: 'line-lost' });
        if (ended) await returnTicket(work, ended, { how: 'expired', reason: 'agent-lost' });
      }
      const tickets = await ticketsAbsentSince(work.tx, work.now - KIOSK_ABSENCE_MS);
      for (const ticket of tickets) await withdrawTicket(work, ticket, { state: 'abandoned', reason: 'line-lost' });
      return tickets.map((ticket) => ticket.case_id);
    },

    async agent(staffId) {
      const agent = await agentById(database, staffId);
      return agent ? { at: agent.state, since: agent.since, reason: agent.reason, callId: agent.call_id } : null;
    },
  };
}
