import type { PaperView } from '@openvtm/protocol';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useKiosk } from '../../kiosk.ts';

export type PaperFile =
  | { at: 'loading' }
  /** `sha256`: of these very bytes, which the customer sees. */
  | { at: 'here'; bytes: Uint8Array; sha256: string }
  | { at: 'failed' };

/** A paper's PDF from the server, with the hash of what came. */
export function usePaperFile(wanted: () => { paper: PaperView; file: 'signed' | 'sealed' }) {
  const { token } = useKiosk();
  const file = shallowRef<PaperFile>({ at: 'loading' });
  const tries = ref(0);
  let stop = new AbortController();

  watch(
    [() => wanted().paper.paperId, () => wanted().file, tries],
    async ([paperId, which]) => {
      stop.abort();
      const mine = new AbortController();
      stop = mine;
      file.value = { at: 'loading' };
      try {
        const bytes = await fetchPaper(`/api/papers/${paperId}/${which}`, { token, signal: mine.signal });
        const sha256 = await digestOf(bytes);
        if (!mine.signal.aborted) file.value = { at: 'here', bytes, sha256 };
      } catch {
        if (!mine.signal.aborted) file.value = { at: 'failed' };
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => stop.abort());
  return { file, retry: () => (tries.value += 1) };
}

type Ask = { token: ReturnType<typeof useKiosk>['token']; signal: AbortSignal };

/** The bytes; asks once more with a new token when the old one ran out. */
export async function fetchPaper(address: string, { token, signal }: Ask): Promise<Uint8Array<ArrayBuffer>> {
  for (const fresh of [false, true]) {
    const headers = { Authorization: `Bearer ${await token({ fresh })}` };
    const answer = await fetch(address, { headers, signal });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    if (answer.status !== 401) break;
  }
  throw new Error('the paper did not come');
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
