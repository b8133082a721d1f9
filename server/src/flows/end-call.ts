import type { EndReason } from '@openvtm/protocol';
import type { Handlers } from '../kernel/handler.ts';
import type { Work } from '../kernel/work.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'documents' | 'queue'>;

/**
 * Ends a call whoever asks: the agent goes to wrap-up, what was still asked for is taken back, and the case goes to
 * its rating, or back to the form when nothing was done, or is closed when the customer is gone. Ended before: nothing.
 */
export async function endCall(
  needs: Needs,
  work: Work,
  { callId, reason }: { callId: string; reason: EndReason },
): Promise<void> {
  const ended = await needs.calls.end(work, callId, reason);
  if (!ended) return;
  await needs.queue.agentCallEnded(work, ended.staffId, callId);
  await needs.documents.withdrawOpen(work, ended.caseId);
  await needs.cases.takeBackCorrections(work, ended.caseId);
  if (reason === 'customer-lost') await needs.cases.close(work, ended.caseId, 'idle');
  else await needs.cases.callEnded(work, ended.caseId, ended.served);
}

/** Either side hangs up. */
export function hangUp(needs: Needs) {
  return {
    'call:end': async ({ caller, work }, { callId }) => {
      const who = caller.kind === 'kiosk' ? { kioskId: caller.id } : { staffId: caller.id };
      await needs.calls.of(work, who, callId);
      await endCall(needs, work, { callId, reason: caller.kind === 'kiosk' ? 'customer-left' : 'agent-ended' });
      return {};
    },
  } satisfies Partial<Handlers>;
}
