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
import { briefOf, callFact, lockActive } from './call-rows.ts';
import { closeInvitation } from './invitations.ts';
import { openInvitations } from './invitations.store.ts';
import { endStay } from './people.ts';
import { participantOf, participantsOf, setParticipantLost } from './people.store.ts';
import type { CallFact, CallLife, Participant } from './index.ts';

const stateOf = (row: CallRow): CallState =>
  row.state === 'ended'
    ? { at: 'ended', reason: row.end_reason ?? 'agent-ended' }
    : {
        at: 'active',
        startedAt: row.started_at,
        customerLostAt: row.customer_lost_at,
        agentLostAt: row.agent_lost_at,
        heldAt: row.held_at,
      };

const briefIfOf = (who: Participant, row: CallRow | undefined) => {
  const mine = row && ('kioskId' in who ? row.kiosk_id === who.kioskId : row.staff_id === who.staffId);
  if (!row || !mine) throw new Refusal('not-found', 'no such call of this participant');
  return briefOf(row);
};

const roleOf = (who: Participant) => ('kioskId' in who ? 'customer' : 'agent');

/** A call's life: its customer and the agent who leads it. See `CallLife` for each one's contract. */
export function createCalls({ database, keys }: { database: Database; keys: Keys }): CallLife {
  const record = (work: Work, row: CallRow, what: Omit<CallFact, 'about'>) => work.record(callFact(row, what));

  const apply = async (work: Work, row: CallRow, event: CallEvent): Promise<boolean> => {
    const before = stateOf(row);
    const after = nextCall(before, event, work.now);
    if (before.at === 'ended') return false;
    if (after.at === 'ended')
      await updateCall(work.tx, row.id, { state: 'ended', ended_at: work.now, end_reason: after.reason });
    else
      await updateCall(work.tx, row.id, {
        customer_lost_at: after.customerLostAt,
        agent_lost_at: after.agentLostAt,
        held_at: after.heldAt,
      });
    return true;
  };

  /** Both ways alike; what is so already is not written again. */
  const setHeld = async (work: Work, callId: string, { by, held }: { by: string; held: boolean }) => {
    const row = await lockActive(work, callId, { ledBy: by });
    if ((row.held_at !== null) === held) return;
    await apply(work, row, { is: held ? 'hold' : 'resume' });
    const heldMs = row.held_at === null ? null : Math.max(0, work.now - row.held_at);
    record(work, row, held ? { kind: 'call.held' } : { kind: 'call.resumed', data: { heldMs } });
  };

  /** Whoever is beside the agent, and whoever was asked: nobody is in a call that is over. */
  const sendHome = async (work: Work, row: CallRow): Promise<string[]> => {
    const others = await participantsOf(work.tx, [row.id]);
    for (const one of others) await endStay(work, row, { row: one, reason: 'call-ended' });
    for (const one of await openInvitations(work.tx, [row.id]))
      await closeInvitation(work, row, { row: one, state: 'withdrawn', by: null });
    return others.map(({ staff_id }) => staff_id);
  };

  const attendantPresence = async (work: Work, who: Participant, is: 'lost' | 'back') => {
    if (!('staffId' in who)) return;
    for (const stay of await setParticipantLost(work.tx, who.staffId, is === 'lost' ? work.now : null)) {
      const row = await callById(work.tx, stay.call_id);
      const kind = is === 'lost' ? 'call.participant-lost' : 'call.participant-back';
      if (row) work.record(callFact(row, { kind, about: { participantId: stay.staff_id }, data: { who: stay.role } }));
    }
  };

  const presence = async (work: Work, who: Participant, is: 'lost' | 'back') => {
    await attendantPresence(work, who, is);
    const active = await activeCallOf(work.tx, who);
    const row = active && (await lockCall(work.tx, active.id));
    if (!row || row.state !== 'active') return;
    // The lead was passed on while its row was waited for.
    if ('staffId' in who && row.staff_id !== who.staffId) return;
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
        held_at: null,
        ended_at: null,
        end_reason: null,
        outcome: null,
        note: null,
        passed_note: null,
      };
      await insertCall(work.tx, row);
      record(work, row, { kind: 'call.started' });
    },

    async end(work, callId, reason) {
      const row = await lockCall(work.tx, callId);
      if (!row) throw new Refusal('not-found', 'no such call');
      if (!(await apply(work, row, { is: 'end', reason }))) return null;
      const others = await sendHome(work, row);
      const served = wasServed({ startedAt: row.started_at, endedAt: work.now, reason });
      record(work, row, {
        kind: 'call.ended',
        data: { reason, served, lastedMs: Math.max(0, work.now - row.started_at) },
      });
      return { ...briefOf(row), served, others };
    },

    hold: (work, callId, by) => setHeld(work, callId, { by, held: true }),
    resume: (work, callId, by) => setHeld(work, callId, { by, held: false }),

    async passLead(work, callId, { from, to, how }) {
      const row = await lockActive(work, callId);
      if (row.staff_id !== from) throw new Refusal('wrong-state', 'somebody else has the lead by now');
      if (from === to) throw new Refusal('wrong-state', 'the lead is theirs already');
      const taker = await participantOf(work.tx, callId, to);
      if (how === 'passed' && (taker?.mode !== 'joined' || taker.lost_at !== null))
        throw new Refusal('wrong-state', 'the lead goes to somebody who has joined and is here');
      if (taker) await endStay(work, row, { row: taker, reason: 'leads' });
      await updateCall(work.tx, callId, { staff_id: to });
      await apply(work, row, { is: 'lead-passed' });
      work.record(
        callFact({ ...row, staff_id: to }, { kind: 'call.lead-passed', about: { participantId: from }, data: { how } }),
      );
      return briefOf({ ...row, staff_id: to, agent_lost_at: null, held_at: null });
    },

    of: async (work, who, callId) => briefIfOf(who, await callById(work.tx, callId)),
    lockedOf: async (work, who, callId) => briefIfOf(who, await lockCall(work.tx, callId)),
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
      await setParticipantLost(work.tx, null, work.now);
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
    async keepPassedNote(work, callId, note) {
      await updateCall(work.tx, callId, { passed_note: note ? keys.seal(note, `call:${callId}:passed`) : null });
    },
    async passedOnBy(caseId) {
      const row = await lastEndedCall(database, caseId);
      if (row?.end_reason !== 'transferred') return null;
      const note = row.passed_note ? keys.unseal(row.passed_note, `call:${row.id}:passed`).open() : '';
      return { staffId: row.staff_id, note };
    },
    async keepOutcome(work, callId, { outcome, note }) {
      const row = await lockCall(work.tx, callId);
      if (!row) throw new Refusal('not-found', 'no such call');
      await updateCall(work.tx, callId, { outcome, note: note ? keys.seal(note, `call:${callId}:note`) : null });
      record(work, row, { kind: 'call.wrapped-up', data: { outcome } });
    },
  };
}
