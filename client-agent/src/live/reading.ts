import type { In, Out, RequestName } from '@openvtm/protocol';
import { shallowRef, watch } from 'vue';
import { type Refused, useAsk } from './ask.ts';
import { useRefresh } from './refresh.ts';
import { useLive } from './store.ts';

type Wish<N extends RequestName> = {
  data: () => In<N>;
  leastMs: number;
  mostMs: number;
  /** Nothing of this answer changes any more. */
  isLast?: (answer: Out<N>) => boolean;
};

/**
 * A request that is asked again and again, also soon after the hall has changed. The last answer stays while a newer
 * one fails; the answer to other data never takes its place.
 */
export function useReading<N extends RequestName>(name: N, { data, isLast, leastMs, mostMs }: Wish<N>) {
  const live = useLive();
  const { ask, refused: newest } = useAsk();
  const shown = shallowRef<Out<N> | null>(null);
  const refused = shallowRef<Refused | null>(null);
  let turn = 0;

  async function read() {
    if (shown.value !== null && isLast?.(shown.value)) return;
    turn += 1;
    const mine = turn;
    const answer = await ask(name, data());
    if (mine !== turn) return;
    if (answer !== null) shown.value = answer;
    refused.value = answer === null ? newest.value : null;
  }
  const refresh = useRefresh(read, { leastMs, mostMs });
  watch(() => live.board, refresh.soon);
  return {
    shown,
    refused,
    soon: refresh.soon,
    /** Of something else now: what is shown goes, and what is under way for it counts no more. */
    anew() {
      turn += 1;
      shown.value = null;
      refused.value = null;
      void read();
    },
  };
}
