import type { DocumentId, LookReason, PageShape } from '@openvtm/protocol';
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { session } from '../../session/current.ts';

/** One picture of a document. */
export type PageOf = {
  documentId: DocumentId;
  number: number;
  shape: PageShape;
  why: LookReason;
  /** Changes when the picture is another one although it is the same page: what is covered for this viewer. */
  covers?: string;
};
export type PageImage =
  | { at: 'none' }
  | { at: 'loading' }
  | { at: 'shown'; url: string }
  | { at: 'failed' }
  /** The right to look has ended; looking again is asked for anew. */
  | { at: 'over' };

/**
 * Fetches a page with the bearer token into a blob URL. Only the page looked at is held; it is revoked as soon as
 * another is wanted, the right to look has ended, or the component goes.
 */
export function usePageImage(wanted: () => PageOf | null) {
  const image = shallowRef<PageImage>({ at: 'none' });
  const tries = ref(0);
  let stop = new AbortController();
  let ending: ReturnType<typeof setTimeout> | undefined;

  const drop = () => {
    stop.abort();
    clearTimeout(ending);
    if (image.value.at === 'shown') URL.revokeObjectURL(image.value.url);
    image.value = { at: 'none' };
  };

  watch(
    [() => wanted()?.documentId, () => wanted()?.number, () => wanted()?.shape, () => wanted()?.covers, tries],
    async ([documentId, number, shape]) => {
      const why = image.value.at === 'over' ? 'again' : (wanted()?.why ?? 'review');
      drop();
      if (documentId === undefined || number === undefined || shape === undefined) return;
      const mine = new AbortController();
      stop = mine;
      image.value = { at: 'loading' };
      try {
        const response = await session.fetch(`/api/documents/${documentId}/pages/${number}?shape=${shape}&why=${why}`, {
          signal: mine.signal,
        });
        if (!response.ok) throw new Error(`the page answered ${response.status}`);
        const bytes = await response.blob();
        if (mine.signal.aborted) return;
        image.value = { at: 'shown', url: URL.createObjectURL(bytes) };
        const seconds = Number(response.headers.get('x-view-seconds') ?? NaN);
        if (Number.isFinite(seconds))
          ending = setTimeout(() => {
            drop();
            image.value = { at: 'over' };
          }, seconds * 1000);
      } catch {
        if (!mine.signal.aborted) image.value = { at: 'failed' };
      }
    },
    { immediate: true },
  );
  onScopeDispose(drop);

  return { image, retry: () => (tries.value += 1) };
}
