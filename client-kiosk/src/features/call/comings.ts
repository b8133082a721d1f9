import type { CallView } from '@openvtm/protocol';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { comings, type Coming } from './people.ts';

/** Long enough to be read slowly (ms). */
const SHOWN_MS = 8_000;

/** Who came and went last, for as long as the customer is told. */
export function useComings(call: () => CallView | null): Ref<Coming[]> {
  const shown = ref<Coming[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(call, (now, before) => {
    const fresh = comings(before, now);
    if (fresh.length === 0 && now?.callId === before?.callId) return;
    shown.value = fresh;
    clearTimeout(timer);
    timer = setTimeout(() => (shown.value = []), SHOWN_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
  return shown;
}
