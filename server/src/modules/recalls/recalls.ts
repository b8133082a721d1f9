import { randomUUID } from 'node:crypto';
import {
  RECALL_KEPT_MS,
  RECALL_RINGS_MS,
  type CallId,
  type CaseId,
  type DroppedCall,
  type RecallId,
} from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import type { Dropped, RecallFact, Recalls } from './index.ts';
import {
  droppedById,
  endDropped,
  insertDropped,
  insertRing,
  keptOf,
  lastRing,
  lockDropped,
  overdueDrops,
  overdueRings,
  ringAt,
  ringById,
  updateRing,
  type DroppedRow,
  type RingRow,
} from './recalls.store.ts';
import { nextRing, type RingEvent } from './ring-state.ts';

const droppedOf = (row: DroppedRow): Dropped => ({
  callId: row.call_id as CallId,
  caseId: row.case_id as CaseId,
  kioskId: row.kiosk_id,
  staffId: row.staff_id,
  droppedAt: row.dropped_at,
  keptUntil: row.kept_until,
});
const shownRing = (row: RingRow | undefined): DroppedCall['ring'] => {
  if (!row || row.state === 'came') return null;
  return row.state === 'ringing' ? { at: 'ringing', deadline: row.deadline } : { at: 'ended', how: row.state };
};

/** See `Recalls` for each one's contract. */
export function createRecalls({ database }: { database: Database }): Recalls {
  const record = (work: Work, { callId, caseId, kioskId, staffId }: Dropped, what: Omit<RecallFact, 'about'>) => {
    const fact: RecallFact = { ...what, about: { callId, caseId, kioskId, staffId } };
    work.record(fact);
  };
  /** The ring of a call whose row is locked, after the event; undefined: there is none. */
  const apply = async (work: Work, dropped: Dropped, { ring, event }: { ring: RingRow; event: RingEvent }) => {
    const state = nextRing(ring, event, work.now);
    if (state === ring.state) return state;
    await updateRing(work.tx, ring.id, { state, ended_at: work.now });
    record(work, dropped, { kind: 'recall.ended', data: { how: state } });
    return state;
  };
  const ringingOf = async (work: Work, callId: string) => {
    const ring = await lastRing(work.tx, callId);
    return ring?.state === 'ringing' ? ring : null;
  };

  return {
    async keep(work, call) {
      const row: DroppedRow = {
        call_id: call.callId,
        case_id: call.caseId,
        kiosk_id: call.kioskId,
        staff_id: call.staffId,
        dropped_at: work.now,
        kept_until: work.now + RECALL_KEPT_MS,
        ended: null,
      };
      await insertDropped(work.tx, row);
      record(work, droppedOf(row), { kind: 'recall.kept' });
    },
    async kept(work, { callId, staffId }) {
      const row = await lockDropped(work.tx, callId);
      if (row?.staff_id !== staffId) throw new Refusal('not-found', 'no call of theirs dropped');
      if (row.ended !== null || row.kept_until <= work.now) throw new Refusal('expired', 'it is not kept any more');
      return droppedOf(row);
    },
    async ring(work, dropped) {
      const before = await ringAt(work.tx, dropped.kioskId);
      if (before?.call_id === dropped.callId && before.deadline > work.now) return;
      if (before && before.call_id !== dropped.callId)
        throw new Refusal('conflict', 'the kiosk asks for another customer');
      if (before) await apply(work, dropped, { ring: before, event: { is: 'tick' } });
      await insertRing(work.tx, {
        id: randomUUID(),
        call_id: dropped.callId,
        kiosk_id: dropped.kioskId,
        made_at: work.now,
        deadline: Math.min(work.now + RECALL_RINGS_MS, dropped.keptUntil),
        state: 'ringing',
        ended_at: null,
      });
      record(work, dropped, { kind: 'recall.rang' });
    },
    async stop(work, dropped) {
      const ring = await ringingOf(work, dropped.callId);
      if (ring) await apply(work, dropped, { ring, event: { is: 'stop' } });
    },
    async answer(work, { recallId, kioskId, comes }) {
      const found = await ringById(work.tx, recallId);
      const row = found?.kiosk_id === kioskId ? await lockDropped(work.tx, found.call_id) : undefined;
      if (!row) throw new Refusal('not-found', 'nobody asks for this here');
      const ring = await ringingOf(work, row.call_id);
      if (ring?.id !== recallId || row.ended !== null) throw new Refusal('expired', 'it does not ring any more');
      const dropped = droppedOf(row);
      const state = nextRing(ring, { is: 'answer', comes }, work.now);
      if (state === 'no-answer') throw new Refusal('expired', 'it does not ring any more');
      await apply(work, dropped, { ring, event: { is: 'answer', comes } });
      return dropped;
    },
    async goneOn(work, callId) {
      const row = await lockDropped(work.tx, callId);
      if (!row || row.ended !== null) return;
      const ring = await ringingOf(work, callId);
      if (ring) await apply(work, droppedOf(row), { ring, event: { is: 'stop' } });
      await endDropped(work.tx, callId, 'gone-on');
      record(work, droppedOf(row), { kind: 'recall.gone-on' });
    },
    async taken(work, kioskId) {
      const open = await ringAt(work.tx, kioskId);
      const row = open && (await lockDropped(work.tx, open.call_id));
      const ring = row && (await ringingOf(work, row.call_id));
      if (row && ring) await apply(work, droppedOf(row), { ring, event: { is: 'taken' } });
    },
    async tend(work) {
      for (const { call_id: callId } of await overdueRings(work.tx, work.now)) {
        const row = await lockDropped(work.tx, callId);
        const ring = row && (await ringingOf(work, callId));
        if (row && ring) await apply(work, droppedOf(row), { ring, event: { is: 'tick' } });
      }
      const forgotten: Dropped[] = [];
      for (const { call_id: callId } of await overdueDrops(work.tx, work.now)) {
        const row = await lockDropped(work.tx, callId);
        if (!row || row.ended !== null) continue;
        await endDropped(work.tx, callId, 'forgotten');
        record(work, droppedOf(row), { kind: 'recall.forgotten' });
        forgotten.push(droppedOf(row));
      }
      return forgotten;
    },
    async ofStaff(staffId) {
      const rows = await keptOf(database, staffId);
      return Promise.all(
        rows.map(async (row) => ({ ...droppedOf(row), ring: shownRing(await lastRing(database, row.call_id)) })),
      );
    },
    async ringingAt(kioskId) {
      const ring = await ringAt(database, kioskId);
      if (!ring) return null;
      const row = await droppedById(database, ring.call_id);
      return row
        ? {
            recallId: ring.id as RecallId,
            caseId: row.case_id as CaseId,
            staffId: row.staff_id,
            deadline: ring.deadline,
          }
        : null;
    },
  };
}
