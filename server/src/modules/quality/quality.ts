import { QUALITY_SLOT_MS } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Quality } from './index.ts';
import {
  callById,
  endedCalls,
  insertCall,
  journalOf,
  saveSide,
  sidesOf,
  takeDue,
  updateCall,
} from './quality.store.ts';
import { forgetSamples, keepSamples, samplesOf, type SampleRow } from './samples.store.ts';
import { scoreOf } from './score.ts';
import { callScores, summaryOf, type ScoredSample } from './summary.ts';

/** Four weeks: long enough for a complaint to be looked into. What is summed up stays as long as the call. */
export const SAMPLES_KEPT_DAYS = 28;
const DAY_MS = 24 * 3_600_000;
/** ms after a call's end: the last samples are on their way. Later ones have it summed up anew. */
const SETTLES_MS = 3_000;
const ROWS_AT_ONCE = 5_000;
/** What shows of a call that is over, of all that the journal has of it. */
const EVENTS = [
  'call.held',
  'call.resumed',
  'call.participant-joined',
  'call.participant-changed',
  'call.participant-renewed',
  'call.participant-left',
  'call.participant-lost',
  'call.participant-back',
  'call.lead-passed',
];

const slotOf = (at: number) => Math.floor(at / QUALITY_SLOT_MS);

/** A sample as it was told, with its score. */
export const sampleOf = (row: SampleRow): Omit<ScoredSample, 'role'> => ({
  slot: row.slot,
  cut: row.cut,
  score: row.score,
  lossIn: row.loss_in,
  lossOut: row.loss_out,
  roundTripMs: row.round_trip,
  jitterMs: row.jitter,
  concealed: row.concealed,
  frozenMs: row.frozen,
  framesPerSecond: row.frames,
  width: row.width,
  height: row.height,
  kbpsIn: row.kbps_in,
  kbpsOut: row.kbps_out,
});

const scoredOf = (row: SampleRow): ScoredSample => ({ ...sampleOf(row), role: row.role });

type Calls = Pick<Quality, 'keep' | 'ended' | 'sumUp' | 'endedCalls' | 'call' | 'forget'>;

/** Samples and what they sum up to. See `Quality` for each one's contract. */
export function createQuality({ database }: { database: Database }): Calls {
  return {
    async keep(side, samples, { from, until }) {
      const within = samples.filter(({ slot }) => slot >= slotOf(from) && slot <= slotOf(until));
      if (within.length === 0) return 0;
      return keepSamples(
        database,
        side,
        within.map((one) => ({ ...one, score: scoreOf(one, QUALITY_SLOT_MS) })),
      );
    },

    async ended(work, { callId, kioskId, staffId, startedAt, reason }) {
      await insertCall(work.tx, {
        call_id: callId,
        kiosk_id: kioskId,
        staff_id: staffId,
        started_at: startedAt,
        ended_at: work.now,
        reason,
      });
    },

    async sumUp(work, branchOf) {
      const row = await takeDue(work.tx, work.now - SETTLES_MS);
      if (!row) return false;
      const samples = await samplesOf(work.tx, row.call_id);
      for (const participant of new Set(samples.map((one) => one.participant))) {
        const mine = samples.filter((one) => one.participant === participant).map(scoredOf);
        const summary = summaryOf(mine, row.started_at);
        if (!summary) continue;
        await saveSide(work.tx, {
          call_id: row.call_id,
          participant,
          role: summary.role,
          samples: summary.samples,
          score: summary.score,
          worst_at: summary.worst?.at ?? null,
          worst_score: summary.worst?.score ?? null,
          loss: summary.lossPercent,
          round_trip: summary.roundTripMs,
          frozen_ms: summary.frozenMs,
          cut_ms: summary.cutMs,
        });
      }
      const scores = callScores(samples.map(scoredOf));
      await updateCall(work.tx, row.call_id, {
        due: false,
        fresh: scores.customer !== null,
        branch_id: row.branch_id ?? (await branchOf(row.kiosk_id)),
        score: scores.call,
        customer_score: scores.customer,
        agent_score: scores.agent,
        customer_samples: samples.filter(({ role, score }) => role === 'customer' && score !== null).length,
      });
      return true;
    },

    endedCalls: (filter) => endedCalls(database, filter),
    async call(callId) {
      const row = await callById(database, callId);
      if (!row) return null;
      const [sides, samples, events] = await Promise.all([
        sidesOf(database, callId),
        samplesOf(database, callId),
        journalOf(database, callId, EVENTS),
      ]);
      return { row, sides, samples, events };
    },

    forget: (work) => forgetSamples(work.tx, slotOf(work.now - SAMPLES_KEPT_DAYS * DAY_MS), ROWS_AT_ONCE),
  };
}
