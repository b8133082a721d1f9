import type { CallId, CaseId } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { lockCall, type CallRow } from './calls.store.ts';
import type { CallBrief, CallFact } from './index.ts';

export const briefOf = (row: CallRow): CallBrief => ({
  callId: row.id as CallId,
  caseId: row.case_id as CaseId,
  kioskId: row.kiosk_id,
  staffId: row.staff_id,
  startedAt: row.started_at,
  customerLostAt: row.customer_lost_at,
  agentLostAt: row.agent_lost_at,
  heldAt: row.held_at,
});

/** A fact about a call; `about` adds whom else it concerns. */
export const callFact = (
  row: CallRow,
  { about, ...what }: Omit<CallFact, 'about'> & { about?: Partial<CallFact['about']> },
): CallFact => ({
  ...what,
  about: { callId: row.id, caseId: row.case_id, kioskId: row.kiosk_id, staffId: row.staff_id, ...about },
});

/** The running call, its row locked; `not-found` when it never was, `wrong-state` when it is over. */
export async function lockActive(work: Work, callId: string, { ledBy }: { ledBy?: string } = {}): Promise<CallRow> {
  const row = await lockCall(work.tx, callId);
  if (!row || (ledBy !== undefined && row.staff_id !== ledBy)) throw new Refusal('not-found', 'no such call');
  if (row.state !== 'active') throw new Refusal('wrong-state', 'the call is over');
  return row;
}
