import type { Handlers } from '../kernel/handler.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Parts } from './parts.ts';

/** An agent's day: ready, break, an offer declined, wrap-up, sign off. */
export function staffQueue({ calls, queue, staff }: Pick<Parts, 'calls' | 'queue' | 'staff'>) {
  return {
    'queue:ready': async ({ caller, work }) => {
      const person = await staff.view(caller.id, work.tx);
      if (!person) throw new Refusal('not-found', 'no such account');
      if ((await calls.attendedIn(work, caller.id)) !== null)
        throw new Refusal('wrong-state', "in somebody else's call");
      const { skills, languages, branchId } = person;
      await queue.agentReady(work, { staffId: caller.id, skills, languages, branchId });
      return {};
    },
    'queue:break': async ({ caller, work }, { reason }) => {
      await queue.agentBreak(work, caller.id, reason);
      return {};
    },
    'queue:sign-off': async ({ caller, work }) => {
      await queue.agentSignOff(work, caller.id);
      return {};
    },
    'queue:decline': async ({ caller, work }, { offerId, reason }) => {
      await queue.decline(work, caller.id, offerId, reason);
      return {};
    },
    'queue:wrap-up': async ({ caller, work }, { callId, outcome, note, then }) => {
      await calls.of(work, { staffId: caller.id }, callId);
      await queue.agentWrapUpDone(work, caller.id, { callId, then, hasOutcome: outcome !== null });
      if (outcome !== null || note !== '') await calls.keepOutcome(work, callId, { outcome, note });
      return {};
    },
  } satisfies Partial<Handlers>;
}
