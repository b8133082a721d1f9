import type { PaperId } from '@openvtm/protocol';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { session } from '../../session/current.ts';

export type PaperFile = { at: 'loading' } | { at: 'here'; bytes: Uint8Array<ArrayBuffer> } | { at: 'failed' };

/** A paper's PDF, fetched with the bearer token; the server notes that it was looked at. */
export function usePaperFile(wanted: () => { paperId: PaperId; file: 'read' | 'signed' | 'sealed' } | null) {
  const file = shallowRef<PaperFile>({ at: 'loading' });
  const tries = ref(0);
  let stop = new AbortController();
  watch(
    [() => wanted()?.paperId, () => wanted()?.file, tries],
    async ([paperId, which]) => {
      stop.abort();
      if (!paperId || !which) return;
      const mine = new AbortController();
      stop = mine;
      file.value = { at: 'loading' };
      try {
        const answer = await session.fetch(`/api/papers/${paperId}/${which}`, { signal: mine.signal });
        if (!answer.ok) throw new Error(`the paper answered ${answer.status}`);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (!mine.signal.aborted) file.value = { at: 'here', bytes };
      } catch {
        if (!mine.signal.aborted) file.value = { at: 'failed' };
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => stop.abort());
  return { file, retry: () => (tries.value += 1) };
}

/** Gives the file to the person's own disk, where an ordinary reader opens it. */
export function saveFile(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
