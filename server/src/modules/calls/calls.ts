import type { CallId, CaseId } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { nextCall, wasServed, type CallEvent, type CallState } from './call-state.ts';
import {
  activeCallOf,
  activeCalls,
  callById,
  callsOfCases,
  insertCall,
  lastEndedCall,
  lastedBetween,
  lockCall,
  updateCall,
  type CallRow,
} from './calls.store.ts';
import type { CallBrief, CallFact, Calls, Participant } from './index.ts';

const briefOf = (row: CallRow): CallBrief => ({
  callId: row.id as CallId,
  caseId: row.case_id as CaseId,
  kioskId: row.kiosk_id,
  staffId: row.staff_id,
  startedAt: row.started_at,
  customerLostAt: row.customer_lost_at,
  agentLostAt: row.agent_lost_at,
});

const stateOf = (row: CallRow): CallState =>
  row.state === 'ended'
    ? { at: 'ended', reason: row.end_reason ?? 'agent-ended' }
    : { at: 'active', startedAt: row.started_at, customerLostAt: row.customer_lost_at, agentLostAt: row.agent_lost_at };

const roleOf = (who: Participant) => ('kioskId' in who ? 'customer' : 'agent');

/** See `Calls` for each one's contract. */
export function createCalls({ database, keys }: { database: Database; keys: Keys }): Calls {
  const record = (work: Work, row: CallRow, what: Omit<CallFact, 'about'>) => {
    const about = { callId: row.id, caseId: row.case_id, kioskId: row.kiosk_id, staffId: row.staff_id };
    const fact: CallFact = { ...what, about };
    work.record(fact);
  };

  const apply = async (work: Work, row: CallRow, event: CallEvent): Promise<boolean> => {
    const before = stateOf(row);
    const after = nextCall(before, event, work.now);
    if (before.at === 'ended') return false;
    if (after.at === 'ended')
      await updateCall(work.tx, row.id, { state: 'ended', ended_at: work.now, end_reason: after.reason });
    else
      await updateCall(work.tx, row.id, { customer_lost_at: after.customerLostAt, agent_lost_at: after.agentLostAt });
    return true;
  };

  const presence = async (work: Work, who: Participant, is: 'lost' | 'back') => {
    const active = await activeCallOf(work.tx, who);
    const row = active && (await lockCall(work.tx, active.id));
    if (!row || row.state !== 'active') return;
    await apply(work, row, { is, who: roleOf(who) });
    record(work, row, {
      kind: is === 'lost' ? 'call.participant-lost' : 'call.participant-back',
      data: { who: roleOf(who) },
    });
  };

  return {
    async start(work, { callId, caseId, kioskId, staffId }) {
      const row: CallRow = {
        id: callId,
        case_id: caseId,
        kiosk_id: kioskId,
        staff_id: staffId,
        state: 'active',
        started_at: work.now,
        customer_lost_at: null,
        agent_lost_at: null,
        ended_at: null,
        end_reason: null,
        outcome: null,
        note: null,
      };
      await insertCall(work.tx, row);
      record(work, row, { kind: 'call.started' });
    },

    async end(work, callId, reason) {
      const row = await lockCall(work.tx, callId);
      if (!row) throw new Refusal('not-found', 'no such call');
      if (!(await apply(work, row, { is: 'end', reason }))) return null;
      const served = wasServed({ startedAt: row.started_at, endedAt: work.now, reason });
      record(work, row, {
        kind: 'call.ended',
        data: { reason, served, lastedMs: Math.max(0, work.now - row.started_at) },
      });
      return { ...briefOf(row), served };
    },

    async of(work, who, callId) {
      const row = await callById(work.tx, callId);
      const mine = row && ('kioskId' in who ? row.kiosk_id === who.kioskId : row.staff_id === who.staffId);
      if (!row || !mine) throw new Refusal('not-found', 'no such call of this participant');
      return briefOf(row);
    },
    async activeOf(who) {
      const row = await activeCallOf(database, who);
      return row ? briefOf(row) : null;
    },
    async activeIn(work, who) {
      const row = await activeCallOf(work.tx, who);
      return row ? briefOf(row) : null;
    },
    async byId(callId) {
      const row = await callById(database, callId);
      return row ? briefOf(row) : null;
    },
    active: async () => (await activeCalls(database)).map(briefOf),

    async lasted(range) {
      const { calls, ms } = await lastedBetween(database, range);
      return { calls, ms: Number(ms ?? 0) };
    },

    participantLost: (work, who) => presence(work, who, 'lost'),
    participantBack: (work, who) => presence(work, who, 'back'),
    async everybodyLost(work) {
      for (const row of await activeCalls(work.tx)) {
        await apply(work, row, { is: 'lost', who: 'customer' });
        await apply(work, { ...row, customer_lost_at: row.customer_lost_at ?? work.now }, { is: 'lost', who: 'agent' });
      }
    },

    async overdue(now) {
      return (await activeCalls(database)).flatMap((row) => {
        const after = nextCall(stateOf(row), { is: 'tick' }, now);
        return after.at === 'ended' ? [{ callId: row.id, reason: after.reason }] : [];
      });
    },

    async outcomesOf(caseIds) {
      if (caseIds.length === 0) return new Map();
      const rows = await callsOfCases(database, caseIds);
      return new Map(rows.flatMap(({ case_id, outcome }) => (outcome ? [[case_id, outcome] as const] : [])));
    },
    async lastOf(work, caseId) {
      const row = await lastEndedCall(work.tx, caseId);
      if (!row || row.ended_at === null) return null;
      const brokeOff = row.end_reason === 'customer-lost' || row.end_reason === 'agent-lost';
      return { staffId: row.staff_id, endedAt: row.ended_at, brokeOff };
    },
    async keepOutcome(work, callId, { outcome, note }) {
      const row = await lockCall(work.tx, callId);
      if (!row) throw new Refusal('not-found', 'no such call');
      await updateCall(work.tx, callId, { outcome, note: note ? keys.seal(note, `call:${callId}:note`) : null });
      record(work, row, { kind: 'call.wrapped-up', data: { outcome } });
    },
  };
}
