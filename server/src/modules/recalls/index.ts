import type { CallId, CaseId, DroppedCall, RecallId } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { createRecalls } from './recalls.ts';

export type RecallFact = {
  kind: 'recall.kept' | 'recall.rang' | 'recall.ended' | 'recall.gone-on' | 'recall.forgotten';
  about: { callId: string; caseId: string; kioskId: string; staffId: string };
  data?: Record<string, string | number | boolean | null>;
};

/** A call whose kiosk dropped out. */
export type Dropped = {
  callId: CallId;
  caseId: CaseId;
  kioskId: string;
  staffId: string;
  droppedAt: number;
  keptUntil: number;
};

/** Calls whose kiosk dropped out, which their agent may have go on at the same kiosk. */
export type Recalls = {
  /** From now on, for `RECALL_KEPT_MS`. */
  keep(work: Work, call: { callId: string; caseId: string; kioskId: string; staffId: string }): Promise<void>;
  /** The call of this agent's, locked. `not-found`: not theirs; `expired`: not kept any more. */
  kept(work: Work, wish: { callId: string; staffId: string }): Promise<Dropped>;
  /** The kiosk asks. Rings for this call already: nothing; `conflict`: it asks for another's customer. */
  ring(work: Work, dropped: Dropped): Promise<void>;
  /** Ends the ring of a call by its agent; does not ring: nothing. */
  stop(work: Work, dropped: Dropped): Promise<void>;
  /** The answer at the kiosk, and the call that it is about. `not-found`: not of this kiosk; `expired`: it does not ring any more. */
  answer(work: Work, wish: { recallId: string; kioskId: string; comes: boolean }): Promise<Dropped>;
  /** The case goes on, here or elsewhere: nothing of it is kept here, and no kiosk asks for it. No such call: nothing. */
  goneOn(work: Work, callId: string): Promise<void>;
  /** Something else was begun at the kiosk. */
  taken(work: Work, kioskId: string): Promise<void>;
  /** Ends rings at their deadline, and gives up what was kept for long enough. Returns the latter's calls. */
  tend(work: Work): Promise<Dropped[]>;
  ofStaff(staffId: string): Promise<(Dropped & { ring: DroppedCall['ring'] })[]>;
  ringingAt(kioskId: string): Promise<{ recallId: RecallId; caseId: CaseId; staffId: string; deadline: number } | null>;
};

export const recallsSchema = { schema: 'recalls', dir: new URL('./migrations/', import.meta.url) };
export const openRecalls = (needs: { database: Database }): Recalls => createRecalls(needs);
