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
  insertReason,
  overdueParticipants,
  participantOf,
  participantsOf,
  placeIn,
  reasonsOf,
  staysOf,
  updateParticipant,
  type ParticipantRow,
} from './people.store.ts';

const attendantOf = (row: ParticipantRow): Attendant => ({
  callId: row.call_id,
  staffId: row.staff_id,
  role: row.role,
  mode: row.mode,
  since: row.since,
  until: row.until,
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

  const reasonSeal = (callId: string) => `call:${callId}:reason`;
  /** Kept beside the journal, which has no words of people in it. */
  const keepReason = async (
    work: Work,
    said: { callId: string; staffId: string; mode: ParticipantMode; why: string },
  ) => {
    const { callId, staffId, mode, why } = said;
    const id = randomUUID();
    const words = keys.seal(why, reasonSeal(callId));
    await insertReason(work.tx, { id, call_id: callId, staff_id: staffId, mode, given_at: work.now, words });
    return id;
  };

  return {
    async attend(work, callId, { staffId, role, mode, reason }) {
      const call = await lockActive(work, callId);
      await requireFree(work, { callId, staffId, mode });
      const row = await participantOf(work.tx, callId, staffId);
      const same = row?.mode === mode;
      // Who was asked in and joined stays as long as the call, whatever they say of it later.
      const asked = reason === null || (same && row.until === null);
      const set = { mode, until: asked ? null : work.now + SUPERVISION_MS };
      if (same && reason === null && row.until === null) return;
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
          ...set,
        });
      const reasonId = reason === null ? null : await keepReason(work, { callId, staffId, mode, why: reason });
      const is = row ? (same ? 'renewed' : 'changed') : 'joined';
      work.record(
        callFact(call, {
          kind: `call.participant-${is}`,
          about: { participantId: staffId },
          data: { role: row?.role ?? role, mode, until: set.until, reasonId },
        }),
      );
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
    async reasonsOf(callIds) {
      return callIds.length === 0
        ? []
        : (await reasonsOf(database, callIds)).map(({ id, call_id, staff_id, mode, given_at, words }) => ({
            reasonId: id,
            callId: call_id,
            staffId: staff_id,
            mode,
            at: given_at,
            why: keys.unseal(words, reasonSeal(call_id)).open(),
          }));
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
