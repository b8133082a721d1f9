import type { EndReason } from '@openvtm/protocol';
import type { Handlers } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { Parts } from './parts.ts';
import { keepDropped } from './recall-kiosk.ts';
import { waitsForSecond } from './second-review.ts';

type Needs = Pick<
  Parts,
  'calls' | 'cases' | 'core' | 'documents' | 'quality' | 'queue' | 'recalls' | 'reviews' | 'signing'
>;

/**
 * Ends a call whoever asks: the agent goes to wrap-up, what was still asked for is taken back, and the case goes to
 * its rating, or back to the form when nothing was done, or is kept for a while when its kiosk dropped out. Ended before: nothing, and false.
 */
export async function endCall(
  needs: Needs,
  work: Work,
  { callId, reason }: { callId: string; reason: EndReason },
): Promise<boolean> {
  const ended = await needs.calls.end(work, callId, reason);
  if (!ended) return false;
  await needs.quality.ended(work, { ...ended, reason });
  await needs.queue.agentCallEnded(work, ended.staffId, callId);
  for (const staffId of ended.others)
    await needs.queue.agentFree(work, staffId, { callId, stillIn: await needs.calls.attendedIn(work, staffId) });
  await needs.documents.withdrawOpen(work, ended.caseId);
  await needs.signing.withdrawOpen(work, ended.caseId);
  await needs.cases.takeBackCorrections(work, ended.caseId);
  if (reason === 'transferred') await needs.cases.passedOn(work, ended.caseId);
  else if (reason === 'customer-lost') await keepDropped(needs, work, ended);
  // On papers that only one person has seen nothing is finished: the case goes back to its customer.
  else
    await needs.cases.callEnded(work, ended.caseId, ended.served && !(await waitsForSecond(needs, work, ended.caseId)));
  return true;
}

/** Either side hangs up. */
export function hangUp(needs: Needs) {
  return {
    'call:end': async ({ caller, work }, { callId }) => {
      const who = caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id };
      await needs.calls.lockedOf(work, who, callId);
      await endCall(needs, work, { callId, reason: caller.kind === 'kiosk' ? 'customer-left' : 'agent-ended' });
      return {};
    },
  } satisfies Partial<Handlers>;
}
