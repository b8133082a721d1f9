import { randomUUID } from 'node:crypto';
import { MOST_ATTENDED, SUPERVISION_MS, type ParticipantMode } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { WAIT_FOR_LOST_MS } from './call-state.ts';
import { briefOf, callFact, lockActive } from './call-rows.ts';
import { activeCallOf, callById, type CallRow } from './calls.store.ts';
import type { Attendant, People } from './index.ts';
import {
  insertParticipant,
  overdueParticipants,
  participantOf,
  participantsOf,
  placeIn,
  staysOf,
  updateParticipant,
  type ParticipantRow,
} from './people.store.ts';

const untilOf = (mode: ParticipantMode, now: number) => (mode === 'joined' ? null : now + SUPERVISION_MS);

const attendantOf = (row: ParticipantRow): Attendant => ({
  callId: row.call_id,
  staffId: row.staff_id,
  role: row.role,
  mode: row.mode,
  since: row.since,
  lostAt: row.lost_at,
});

/** A stay ends, in its own row and in the journal. */
export async function endStay(work: Work, call: CallRow, { row, reason }: { row: ParticipantRow; reason: string }) {
  await updateParticipant(work.tx, row.id, { left_at: work.now, left_reason: reason });
  work.record(
    callFact(call, {
      kind: 'call.participant-left',
      about: { participantId: row.staff_id },
      data: { role: row.role, mode: row.mode, reason, lastedMs: Math.max(0, work.now - row.since) },
    }),
  );
}

/** Those beside the agent: who comes, how they are there, who leaves. See `People` for each one's contract. */
export function createPeople({ database, keys }: { database: Database; keys: Keys }): People {
  /** One has two ears: who speaks in one call is in no other, and who leads one attends none. */
  const requireFree = async (work: Work, wish: { callId: string; staffId: string; mode: ParticipantMode }) => {
    if (await activeCallOf(work.tx, { staffId: wish.staffId }))
      throw new Refusal('wrong-state', 'in a call of their own');
    const others = (await staysOf(work.tx, wish.staffId)).filter(({ call_id }) => call_id !== wish.callId);
    const speaks = wish.mode !== 'listening' || others.some(({ mode }) => mode !== 'listening');
    if (others.length > 0 && (speaks || others.length >= MOST_ATTENDED))
      throw new Refusal('wrong-state', 'in too many other calls');
  };

  return {
    async attend(work, callId, { staffId, role, mode, reason }) {
      const call = await lockActive(work, callId);
      await requireFree(work, { callId, staffId, mode });
      const row = await participantOf(work.tx, callId, staffId);
      const sealed = reason === null ? null : keys.seal(reason, `call:${callId}:reason`);
      const set = { mode, until: untilOf(mode, work.now), ...(sealed ? { reason: sealed } : {}) };
      if (row) await updateParticipant(work.tx, row.id, set);
      else
        await insertParticipant(work.tx, {
          id: randomUUID(),
          call_id: callId,
          staff_id: staffId,
          role,
          since: work.now,
          lost_at: null,
          left_at: null,
          left_reason: null,
          reason: sealed,
          ...set,
        });
      if (row?.mode === mode) return;
      const kind = row ? 'call.participant-changed' : 'call.participant-joined';
      work.record(callFact(call, { kind, about: { participantId: staffId }, data: { role: row?.role ?? role, mode } }));
    },

    async leave(work, callId, { staffId, reason }) {
      const call = await lockActive(work, callId);
      const row = await participantOf(work.tx, callId, staffId);
      if (!row) throw new Refusal('not-found', 'not in this call');
      await endStay(work, call, { row, reason });
    },

    async attendants(callIds) {
      return callIds.length === 0 ? [] : (await participantsOf(database, callIds)).map(attendantOf);
    },
    placeIn: async (callId, who) => (await placeIn(database, callId, who)) ?? null,
    async attendantIn(work, callId, staffId) {
      const row = await participantOf(work.tx, callId, staffId);
      return row ? attendantOf(row) : null;
    },
    attendedIn: async (work, staffId) => (await staysOf(work.tx, staffId))[0]?.call_id ?? null,
    async attendedBy(staffId) {
      const stays = await staysOf(database, staffId);
      const calls = await Promise.all(stays.map(({ call_id }) => callById(database, call_id)));
      return calls.flatMap((call) => (call?.state === 'active' ? [briefOf(call)] : []));
    },
    async overdueAttendants(now) {
      const due = await overdueParticipants(database, { now, lostBefore: now - WAIT_FOR_LOST_MS });
      return due.map((row) => ({
        ...attendantOf(row),
        reason: row.until !== null && row.until <= now ? 'time-is-up' : 'line-lost',
      }));
    },
  };
}
