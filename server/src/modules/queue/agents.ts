import type { WrapUpRule } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { AGENT_ABSENCE_MS, KIOSK_ABSENCE_MS } from './absence.ts';
import { createAgentCalls } from './agent-calls.ts';
import { moveAgent } from './agent-moves.ts';
import {
  agentById,
  agentsAbsentSince,
  lockAgent,
  readyAgents,
  saveAgent,
  setAgentAbsence,
  wrapUpsOver,
  type AgentRow,
} from './agents.store.ts';
import type { AgentBrief, AgentWish, Queue } from './index.ts';
import { kindText, type Lanes } from './lanes.ts';
import { returnTicket } from './offer-ends.ts';
import { endOffer, openOfferOfAgent, queueOfCall } from './offers.store.ts';
import { queueOf } from './routing.ts';
import type { RulesInForce } from './rules-in-force.ts';
import { aboutTicket } from './queue-facts.ts';
import { withdrawTicket } from './ticket-ends.ts';
import { setTicketAbsence, ticketsAbsentSince } from './tickets.store.ts';

type Agents = Pick<
  Queue,
  | 'agentReady'
  | 'agentBreak'
  | 'agentSignOff'
  | 'agentCallEnded'
  | 'agentInCall'
  | 'agentFree'
  | 'agentWrapUpDone'
  | 'endWrapUps'
  | 'absent'
  | 'returned'
  | 'everybodyAbsent'
  | 'giveUpAbsent'
  | 'agent'
  | 'agentIn'
  | 'colleagues'
>;

/** Whether the outcome of a call must be written before wrap-up ends. */
const needsOutcome = ({ mode }: Pick<WrapUpRule, 'mode'>) => mode === 'timed' || mode === 'until-done';

const newAgent = (staffId: string, now: number): AgentRow => ({
  staff_id: staffId,
  state: 'offline',
  since: now,
  reason: null,
  call_id: null,
  skills: {},
  languages: [],
  branch_id: null,
  kind: null,
  absent_since: null,
  idle_since: now,
  rest_until: 0,
  unanswered: 0,
  wrap_up_mode: null,
  wrap_up_seconds: null,
  wrap_up_until: null,
});

const wrapUpOf = (agent: AgentRow): AgentBrief['wrapUp'] =>
  agent.state === 'wrap-up' && agent.wrap_up_mode
    ? { rule: { mode: agent.wrap_up_mode, seconds: agent.wrap_up_seconds }, until: agent.wrap_up_until }
    : null;

const briefOf = (agent: AgentRow | undefined): AgentBrief | null =>
  agent
    ? { at: agent.state, since: agent.since, reason: agent.reason, callId: agent.call_id, wrapUp: wrapUpOf(agent) }
    : null;

/** Names that somebody looks through to find one to ask. */
const MOST_COLLEAGUES = 100;

/** See `Queue` for each one's contract. */
export function createAgents(needs: { database: Database; lanes: Lanes; rules: RulesInForce }): Agents {
  const { database, lanes, rules } = needs;

  /** What the agent can do is read anew with every step on duty. */
  const ableOf = async (work: Work, { skills, languages, branchId = null }: Omit<AgentWish, 'staffId'>) => ({
    skills,
    languages,
    branch_id: branchId,
    kind: await lanes.kind(work.tx, kindText({ skills, languages, branchId })),
  });

  return {
    ...createAgentCalls({ newAgent, ableOf }),

    async agentReady(work, wish) {
      const { staffId } = wish;
      const known = await lockAgent(work.tx, staffId);
      if (known?.state === 'ready') return;
      // From an offer or a call there is no way to ready but through their ends.
      if (known && ['offered', 'in-call', 'hold', 'helping', 'wrap-up'].includes(known.state))
        throw new Refusal('wrong-state', `ready does not follow ${known.state}`);
      const locked = known ?? newAgent(staffId, work.now);
      if (!known) await saveAgent(work.tx, locked);
      const set = { ...(await ableOf(work, wish)), rest_until: 0, unanswered: 0 };
      await moveAgent(work, staffId, { to: 'ready', set, locked });
    },

    async agentBreak(work, staffId, reason) {
      const agent = await lockAgent(work.tx, staffId);
      if (agent?.state === 'offered' || agent?.state === 'wrap-up' || agent?.state === 'helping')
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
      if (!agent || agent.call_id !== callId || (agent.state !== 'in-call' && agent.state !== 'hold')) return;
      const inForce = (await rules.inForce(work.tx)).rules;
      const queueId = await queueOfCall(work.tx, callId);
      const rule = (queueId === null ? undefined : queueOf(inForce, queueId)?.wrapUp) ?? inForce.wrapUp;
      if (rule.mode === 'none') {
        await moveAgent(work, staffId, { to: 'ready' });
        return;
      }
      const until = rule.seconds === null ? null : work.now + rule.seconds * 1000;
      const set = { wrap_up_mode: rule.mode, wrap_up_seconds: rule.seconds, wrap_up_until: until };
      await moveAgent(work, staffId, { to: 'wrap-up', callId, set });
    },

    async agentWrapUpDone(work, staffId, { callId, then, hasOutcome }) {
      const agent = await lockAgent(work.tx, staffId);
      if (agent?.state !== 'wrap-up' || agent.call_id !== callId)
        throw new Refusal('wrong-state', 'not in wrap-up of this call');
      if (!hasOutcome && needsOutcome({ mode: agent.wrap_up_mode ?? 'until-done' }))
        throw new Refusal('invalid-value', 'the outcome must be written');
      await moveAgent(work, staffId, then === 'ready' ? { to: 'ready' } : { to: 'break', reason: 'break' });
    },

    async endWrapUps(work) {
      for (const { staff_id: staffId, absent_since: absentSince } of await wrapUpsOver(work.tx, work.now))
        await moveAgent(
          work,
          staffId,
          absentSince === null ? { to: 'ready', reason: 'wrap-up-over' } : { to: 'offline', reason: 'line-lost' },
        );
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

    agent: async (staffId) => briefOf(await agentById(database, staffId)),
    agentIn: async (work, staffId) => briefOf(await agentById(work.tx, staffId)),
    async colleagues({ except }) {
      const ready = await readyAgents(database, { except, limit: MOST_COLLEAGUES });
      return ready.map(({ staff_id: staffId, skills, languages }) => ({ staffId, skills, languages }));
    },
  };
}
