import type { CallId, CaseId, EndReason, Outcome } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Keys } from '../../kernel/crypto.ts';
import type { Work } from '../../kernel/work.ts';
import { createCalls } from './calls.ts';

export type CallFact = {
  kind: 'call.started' | 'call.participant-lost' | 'call.participant-back' | 'call.ended' | 'call.wrapped-up';
  about: { callId: string; caseId: string; kioskId: string; staffId: string };
  data?: Record<string, string | number | boolean | null>;
};

export type CallBrief = {
  callId: CallId;
  caseId: CaseId;
  kioskId: string;
  staffId: string;
  startedAt: number;
  customerLostAt: number | null;
  agentLostAt: number | null;
};
export type Participant = { kioskId: string } | { staffId: string };

/** Conversations with their participants, from the accepted offer to the outcome. */
export type Calls = {
  start(work: Work, call: { callId: string; caseId: string; kioskId: string; staffId: string }): Promise<void>;
  /** Ends it and tells whether the customer was served; null when it had ended before. */
  end(work: Work, callId: string, reason: EndReason): Promise<(CallBrief & { served: boolean }) | null>;
  /** The call with this id in which `who` takes part, active or ended; `not-found` otherwise. */
  of(work: Work, who: Participant, callId: string): Promise<CallBrief>;
  activeOf(who: Participant): Promise<CallBrief | null>;
  /** Inside a change: the participant's active call. */
  activeIn(work: Work, who: Participant): Promise<CallBrief | null>;
  byId(callId: string): Promise<CallBrief | null>;
  active(): Promise<CallBrief[]>;
  /** How many calls began in this time and are over, and how long they took in all (ms). */
  lasted(range: { from: number; until: number }): Promise<{ calls: number; ms: number }>;
  /** The case's last call that is over; `brokeOff`: a line was lost, nobody ended it. */
  lastOf(work: Work, caseId: string): Promise<{ staffId: string; endedAt: number; brokeOff: boolean } | null>;
  participantLost(work: Work, who: Participant): Promise<void>;
  participantBack(work: Work, who: Participant): Promise<void>;
  /** After a start of the process: nobody's line is up yet. */
  everybodyLost(work: Work): Promise<void>;
  /** Calls that have waited long enough for somebody, with the reason to end them for. */
  overdue(now: number): Promise<{ callId: string; reason: EndReason }[]>;
  /** What came of the last call about each of these cases; a case without one is not in it. */
  outcomesOf(caseIds: string[]): Promise<Map<string, Outcome>>;
  keepOutcome(work: Work, callId: string, result: { outcome: Outcome | null; note: string }): Promise<void>;
};

export const callsSchema = { schema: 'calls', dir: new URL('./migrations/', import.meta.url) };
export const openCalls = (needs: { database: Database; keys: Keys }): Calls => createCalls(needs);
