import { z } from 'zod';
import { notice, request } from './define.ts';
import { CallId, CaseId, Instant, OfferId } from './ids.ts';

export const EndReason = z.enum(['customer-left', 'agent-ended', 'customer-lost', 'agent-lost', 'kiosk-reset']);
export type EndReason = z.infer<typeof EndReason>;

/** A call as both sides see it. `here` is whether a participant's line is up. */
export const CallView = z.object({
  callId: CallId,
  caseId: CaseId,
  startedAt: Instant,
  participants: z.array(
    z.object({
      role: z.enum(['customer', 'agent']),
      name: z.string(),
      here: z.boolean(),
      lostSince: Instant.nullable(),
    }),
  ),
});
export type CallView = z.infer<typeof CallView>;

export const callRequests = {
  /** Takes the offer: exactly one winner. `offer-gone` for everybody else. */
  'call:accept': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ offerId: OfferId }),
    out: z.object({ callId: CallId }),
  }),
  /** Ends the call for both. Already ended: the same answer, nothing happens. */
  'call:end': request({
    from: ['kiosk', 'agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ callId: CallId }),
    out: z.object({}),
  }),
};

export const callNotices = {
  /** null: no call. The kiosk lifts its curtain when a call appears here, and drops it when it goes. */
  'call:changed': notice({ to: ['kiosk', 'agent'], data: z.object({ call: CallView.nullable() }) }),
};
