import type { DocumentId } from '@openvtm/protocol';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { session } from '../../session/current.ts';

/** One picture of a document. */
export type PageOf = { documentId: DocumentId; number: number };
export type PageImage = { at: 'none' } | { at: 'loading' } | { at: 'shown'; url: string } | { at: 'failed' };

/**
 * Fetches a page with the bearer token into a blob URL. Only the page looked at is held; it is revoked as soon as
 * another is wanted or the component goes.
 */
export function usePageImage(wanted: () => PageOf | null) {
  const image = shallowRef<PageImage>({ at: 'none' });
  const tries = ref(0);
  let stop = new AbortController();

  const drop = () => {
    stop.abort();
    if (image.value.at === 'shown') URL.revokeObjectURL(image.value.url);
    image.value = { at: 'none' };
  };

  watch(
    [() => wanted()?.documentId, () => wanted()?.number, tries],
    async ([documentId, number]) => {
      drop();
      if (documentId === undefined || number === undefined) return;
      const mine = new AbortController();
      stop = mine;
      image.value = { at: 'loading' };
      try {
        const response = await session.fetch(`/api/documents/${documentId}/pages/${number}`, { signal: mine.signal });
        if (!response.ok) throw new Error(`the page answered ${response.status}`);
        const bytes = await response.blob();
        if (!mine.signal.aborted) image.value = { at: 'shown', url: URL.createObjectURL(bytes) };
      } catch {
        if (!mine.signal.aborted) image.value = { at: 'failed' };
      }
    },
    { immediate: true },
  );
  onScopeDispose(drop);

  return { image, retry: () => (tries.value += 1) };
}
