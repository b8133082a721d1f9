import type { CallId } from '@openvtm/protocol';
import type { Handlers } from '../kernel/handler.ts';
import type { Parts } from './parts.ts';

/** The agent takes the offer: ticket served, case served, call running, all in one transaction; the media follow the committed fact. */
export function acceptCall({ calls, cases, queue }: Pick<Parts, 'calls' | 'cases' | 'queue'>) {
  return {
    'call:accept': async ({ caller, work }, { offerId }) => {
      const { callId, caseId, kioskId, customerAway, agentAway } = await queue.accept(work, caller.id, offerId);
      // Side by side: neither needs the other, and the customer's first picture waits for both.
      await Promise.all([
        cases.serve(work, caseId),
        calls.start(work, { callId, caseId, kioskId, staffId: caller.id }),
      ]);
      // A line that went down while it rang was lost before there was a call to say so.
      if (customerAway) await calls.participantLost(work, { kioskId });
      if (agentAway) await calls.participantLost(work, { staffId: caller.id });
      return { callId: callId as CallId };
    },
  } satisfies Partial<Handlers>;
}
