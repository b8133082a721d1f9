import type { CallId } from '@openvtm/protocol';
import { useRouter } from 'vue-router';
import { useAsk } from '../../live/index.ts';
import type { Act } from './running.ts';

/** Why this page attends a call: who changes how they attend gives the reason once. */
const reasons = new Map<CallId, string>();
export const reasonFor = (callId: CallId): string | null => reasons.get(callId) ?? null;
/** Calls that were left by pressing Leave; nobody is told that they are over. */
export const leftCalls = new Set<string>();

/** Attends a call, changes how, takes it over, or leaves it. */
export function useAttending() {
  const { busy, refused, ask, clear } = useAsk();
  const router = useRouter();
  return {
    busy,
    refused,
    clear,
    /** Answers whether it went through. */
    async act(callId: CallId, act: Act, reason: string): Promise<boolean> {
      if (act === 'take-over') {
        leftCalls.add(callId);
        const done = (await ask('call:take-over', { callId, reason })) !== null;
        if (done) await router.push({ name: 'desk' });
        else leftCalls.delete(callId);
        return done;
      }
      leftCalls.delete(callId);
      const done = (await ask('call:attend', { callId, mode: act, reason })) !== null;
      if (done) reasons.set(callId, reason);
      return done;
    },
    async leave(callId: CallId): Promise<void> {
      leftCalls.add(callId);
      if ((await ask('call:leave', { callId })) === null) leftCalls.delete(callId);
    },
  };
}
