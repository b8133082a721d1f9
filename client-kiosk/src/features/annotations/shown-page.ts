import type { MarkedPage } from '@openvtm/protocol';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useKiosk } from '../../kiosk.ts';

/** ms before a picture that did not come is asked for again. */
const AGAIN_MS = 2_000;

/**
 * The address of the picture of the page that is shown, as a blob; null until it is there. It goes with the screen, and
 * is asked for anew when the time for which it may be looked at is over.
 */
export function useShownPage(wanted: () => MarkedPage) {
  const { token } = useKiosk();
  const address = shallowRef<string | null>(null);
  const tries = ref(0);
  let stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const drop = () => {
    stop.abort();
    clearTimeout(timer);
    if (address.value) URL.revokeObjectURL(address.value);
    address.value = null;
  };
  watch(
    [() => wanted().documentId, () => wanted().number, tries],
    async ([documentId, number]) => {
      drop();
      const mine = new AbortController();
      stop = mine;
      let again = AGAIN_MS;
      try {
        const response = await fetch(`/api/documents/${documentId}/pages/${number}?why=shown`, {
          headers: { Authorization: `Bearer ${await token()}` },
          signal: mine.signal,
        });
        if (!response.ok) throw new Error(`the page answered ${response.status}`);
        const bytes = await response.blob();
        if (mine.signal.aborted) return;
        address.value = URL.createObjectURL(bytes);
        again = Number(response.headers.get('x-view-seconds') ?? 300) * 1000;
      } catch {
        if (mine.signal.aborted) return;
      }
      timer = setTimeout(() => (tries.value += 1), again);
    },
    { immediate: true },
  );
  onScopeDispose(drop);
  return address;
}
