import type { Handlers } from '../kernel/handler.ts';
import type { Parts } from './parts.ts';

/** The agent puts the customer on hold and takes the talk up again; the media follow the committed fact. */
export function holdCall({ calls, queue }: Pick<Parts, 'calls' | 'queue'>) {
  return {
    'call:hold': async ({ caller, work }, { callId }) => {
      await calls.hold(work, callId, caller.id);
      await queue.agentInCall(work, caller.id, { callId, at: 'hold' });
      return {};
    },
    'call:resume': async ({ caller, work }, { callId }) => {
      await calls.resume(work, callId, caller.id);
      await queue.agentInCall(work, caller.id, { callId, at: 'in-call' });
      return {};
    },
  } satisfies Partial<Handlers>;
}
