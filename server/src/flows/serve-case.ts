import type { Handlers, StaffCaller } from '../kernel/handler.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Work } from '../kernel/work.ts';
import { endCall } from './end-call.ts';
import type { Parts } from './parts.ts';

type Needs = Pick<Parts, 'calls' | 'cases' | 'documents' | 'queue'>;

/** An agent works on a case only while in a call about it. */
export async function requireInCall(
  needs: Pick<Parts, 'calls'>,
  work: Work,
  { caller, caseId }: { caller: StaffCaller; caseId: string },
): Promise<string> {
  const call = await needs.calls.activeIn(work, { staffId: caller.id });
  if (call?.caseId !== caseId) throw new Refusal('not-found', 'not in a call about this case');
  return call.callId;
}

/** A case from its first touch at the kiosk to the rating: what the customer does, and what the agent does with it in the call. */
export function serveCase(needs: Needs) {
  const { calls, cases, documents, queue } = needs;
  return {
    'case:start': async ({ caller, work }, { serviceId, language, print }) => {
      if (await calls.activeIn(work, { kioskId: caller.id })) throw new Refusal('wrong-state', 'a call is running');
      const unfinished = await cases.openOfKiosk(work, caller.id);
      if (unfinished) await queue.leave(work, unfinished.caseId, 'replaced');
      const started = await cases.start(work, { kioskId: caller.id, serviceId, language, print });
      return { caseId: started.caseId };
    },
    'case:present': async ({ caller, work }, { caseId, language, print }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.present(work, caseId, { language, print });
      return {};
    },
    'case:consent': async ({ caller, work }, { caseId, version }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.consent(work, caseId, version);
      return {};
    },
    'case:fill': async ({ caller, work }, { caseId, name, value }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.fill(work, caseId, { name, value, by: 'customer' });
      return {};
    },
    'case:abandon': async ({ caller, work }, { caseId, reason }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await queue.leave(work, caseId, reason);
      const call = await calls.activeIn(work, { kioskId: caller.id });
      if (call) await endCall(needs, work, { callId: call.callId, reason: 'kiosk-reset' });
      await documents.withdrawOpen(work, caseId);
      await cases.close(work, caseId, reason);
      return {};
    },
    'case:confirm': async ({ caller, work }, { caseId, agreed }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.answer(work, caseId, agreed);
      return {};
    },
    'case:rate': async ({ caller, work }, { caseId, stars }) => {
      await cases.ofKiosk(work, caller.id, caseId);
      await cases.rate(work, caseId, stars);
      return {};
    },

    'case:tick': async ({ caller, work }, { caseId, step, done }) => {
      await requireInCall(needs, work, { caller, caseId });
      await cases.tick(work, caseId, { step, done, staffId: caller.id });
      return {};
    },
    'case:reveal': async ({ caller, work }, { caseId, name, reason }) => {
      await requireInCall(needs, work, { caller, caseId });
      return { value: await cases.reveal(work, caseId, { name, reason }) };
    },
    'case:propose': async ({ caller, work }, { caseId, summary }) => {
      await requireInCall(needs, work, { caller, caseId });
      await cases.propose(work, caseId, summary);
      return {};
    },
  } satisfies Partial<Handlers>;
}
