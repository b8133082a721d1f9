import type { ErrorCode, In, Out, RequestName } from '@openvtm/protocol';
import { RequestFailed } from '@openvtm/rtc/line';
import { ref, shallowRef } from 'vue';
import { line } from './connection.ts';

/** Why something was not done; `ref` is what support asks for, empty if the server never heard of it. */
export type Refused = { code: ErrorCode | 'offline'; ref: string };

/**
 * Requests of one part of the screen: whether one is under way, and why the last failed. `ask` answers null on
 * failure, so that callers need no try.
 */
export function useAsk() {
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);

  async function ask<N extends RequestName>(name: N, data: In<N>): Promise<Out<N> | null> {
    const open = line.value;
    refused.value = null;
    if (open === null) {
      refused.value = { code: 'offline', ref: '' };
      return null;
    }
    busy.value = true;
    try {
      return await open.request(name, data);
    } catch (error) {
      refused.value =
        error instanceof RequestFailed ? { code: error.code, ref: error.ref } : { code: 'internal', ref: '' };
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { busy, refused, ask, clear: () => (refused.value = null) };
}
