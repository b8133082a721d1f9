import { randomUUID } from 'node:crypto';
import { INVITATION_MS, type InvitationId } from '@openvtm/protocol';
import type { Keys } from '../../kernel/crypto.ts';
import type { Database, Queryable } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { callFact, lockActive } from './call-rows.ts';
import { callById, type CallRow } from './calls.store.ts';
import type { Invitations, InvitationBrief } from './index.ts';
import {
  endInvitation,
  insertInvitation,
  invitationById,
  invitationsFor,
  lockInvitation,
  lockOverdueInvitations,
  openInvitations,
  recentInvitations,
  type InvitationRow,
} from './invitations.store.ts';
import { participantOf } from './people.store.ts';

/** What those who ask others into a call are in it. */
type Asker = 'agent' | 'branch-staff';

/** ms for which the agent still sees that nobody came. */
const SHOWN_MS = 60_000;

/** An open invitation ends, in its own row and in the journal. */
export async function closeInvitation(
  work: Work,
  call: CallRow,
  end: { row: InvitationRow; state: Exclude<InvitationRow['state'], 'open'>; by: string | null },
): Promise<void> {
  const { row, state, by } = end;
  await endInvitation(work.tx, row.id, { state, ended_at: work.now, answered_by: by });
  work.record(
    callFact(call, {
      kind: 'call.invitation-ended',
      about: { invitationId: row.id, ...(row.to_staff ? { invitedId: row.to_staff } : {}) },
      data: { how: state },
    }),
  );
}

/** Asking a colleague, or any supervisor, into a call. See `Invitations` for each one's contract. */
export function createInvitations({ database, keys }: { database: Database; keys: Keys }): Invitations {
  const briefOf = (row: InvitationRow): InvitationBrief => ({
    invitationId: row.id as InvitationId,
    callId: row.call_id,
    from: row.from_staff,
    to: row.to_staff,
    note: row.note ? keys.unseal(row.note, `invitation:${row.id}:note`).open() : '',
    madeAt: row.made_at,
    deadline: row.deadline,
    state: row.state,
  });

  /** The call first, then the invitation: every change takes its locks in this order. */
  const lockOpen = async (work: Work, invitationId: string) => {
    const known = await invitationById(work.tx, invitationId);
    const call = known && (await callById(work.tx, known.call_id));
    if (!known || !call) throw new Refusal('not-found', 'no such invitation');
    if (call.state !== 'active') throw new Refusal('expired', 'the call is over');
    const locked = await lockActive(work, call.id);
    const row = await lockInvitation(work.tx, invitationId);
    if (row?.state !== 'open') throw new Refusal('expired', `the invitation is ${row?.state ?? 'gone'}`);
    return { call: locked, row };
  };

  /** Branch staff ask while they are in the call, seen and heard; null: neither they nor the lead. */
  const askerIn = async (reader: Queryable, call: CallRow, staffId: string): Promise<Asker | null> => {
    if (call.staff_id === staffId) return 'agent';
    const stay = await participantOf(reader, call.id, staffId);
    return stay?.role === 'branch-staff' && stay.mode === 'joined' ? 'branch-staff' : null;
  };

  return {
    async mayInvite(callId, staffId) {
      const call = await callById(database, callId);
      return call?.state === 'active' && (await askerIn(database, call, staffId)) !== null;
    },
    async invite(work, callId, { from, to, note }) {
      const call = await lockActive(work, callId);
      const asker = await askerIn(work.tx, call, from);
      if (asker === null) throw new Refusal('not-found', 'no such call');
      const open = await openInvitations(work.tx, [callId]);
      const same = open.find(({ to_staff }) => (to_staff === null) === (to === null));
      if (same) return same.id;
      const id = randomUUID();
      await insertInvitation(work.tx, {
        id,
        call_id: callId,
        from_staff: from,
        to_staff: to,
        note: note ? keys.seal(note, `invitation:${id}:note`) : null,
        made_at: work.now,
        deadline: work.now + INVITATION_MS,
        state: 'open',
        answered_by: null,
        ended_at: null,
      });
      const about = { invitationId: id, ...(to ? { invitedId: to } : {}) };
      work.record(
        callFact(call, { kind: 'call.invited', about, data: { whom: to ? 'colleague' : 'supervisor', by: asker } }),
      );
      return id;
    },

    async withdrawInvitation(work, invitationId, by) {
      const { call, row } = await lockOpen(work, invitationId);
      if (call.staff_id !== by && row.from_staff !== by)
        throw new Refusal('not-found', 'not an invitation of this agent');
      await closeInvitation(work, call, { row, state: 'withdrawn', by });
    },

    async answerInvitation(work, invitationId, { staffId, supervisor, comes }) {
      const { call, row } = await lockOpen(work, invitationId);
      const asked = row.to_staff === null ? supervisor : row.to_staff === staffId;
      if (!asked || call.staff_id === staffId) throw new Refusal('not-found', 'not asked');
      if (row.deadline <= work.now) throw new Refusal('expired', 'the time to answer is over');
      // One supervisor who cannot come leaves it to the others.
      if (comes || row.to_staff !== null)
        await closeInvitation(work, call, { row, state: comes ? 'accepted' : 'declined', by: staffId });
      return { callId: call.id, kind: row.to_staff === null ? ('help' as const) : ('expert' as const) };
    },

    async helpCame(work, callId, staffId) {
      const call = await lockActive(work, callId);
      for (const row of await openInvitations(work.tx, [callId]))
        if (row.to_staff === null) await closeInvitation(work, call, { row, state: 'accepted', by: staffId });
    },

    async expireInvitations(work) {
      for (const row of await lockOverdueInvitations(work.tx, work.now)) {
        const call = await callById(work.tx, row.call_id);
        if (call) await closeInvitation(work, call, { row, state: 'expired', by: null });
      }
    },

    async invitationsFor(who) {
      return (await invitationsFor(database, who)).map(briefOf);
    },
    async invitationsOf(callIds, now) {
      return callIds.length === 0 ? [] : (await recentInvitations(database, callIds, now - SHOWN_MS)).map(briefOf);
    },
  };
}
