import type { DocumentId } from '@openvtm/protocol';
import { onScopeDispose, shallowReactive } from 'vue';
import { session } from '../../session/current.ts';

/** So many are held at once: a screen and a half of the longest list. */
const MOST = 48;

/**
 * Small pictures of pages, fetched when they come in sight. Only the newest are held: the address of a blob keeps all of
 * its bytes in memory.
 */
export function useThumbnails() {
  const addresses = shallowReactive(new Map<string, string>());
  const asked = new Map<string, AbortController>();

  const drop = (key: string) => {
    const address = addresses.get(key);
    if (address) URL.revokeObjectURL(address);
    addresses.delete(key);
  };

  async function fetchOne(key: string, path: string): Promise<void> {
    const mine = new AbortController();
    asked.set(key, mine);
    try {
      const response = await session.fetch(path, { signal: mine.signal });
      if (!response.ok) return;
      const bytes = await response.blob();
      if (mine.signal.aborted) return;
      addresses.set(key, URL.createObjectURL(bytes));
      for (const [oldest] of addresses) {
        if (addresses.size <= MOST) break;
        drop(oldest);
      }
    } catch {
      // Asked for again when it comes in sight again.
    } finally {
      asked.delete(key);
    }
  }

  onScopeDispose(() => {
    for (const mine of asked.values()) mine.abort();
    for (const key of [...addresses.keys()]) drop(key);
  });

  return {
    addressOf: (documentId: DocumentId, number: number) => addresses.get(`${documentId} ${number}`),
    /** These are in sight: what is not there yet is fetched, and what has left before it came is not. */
    want(documentId: DocumentId, numbers: readonly number[]) {
      const keys = new Map(numbers.map((number) => [`${documentId} ${number}`, number]));
      for (const [key, mine] of asked) if (!keys.has(key)) mine.abort();
      for (const [key, number] of keys)
        if (!addresses.has(key) && !asked.has(key))
          void fetchOne(key, `/api/documents/${documentId}/pages/${number}?shape=thumbnail`);
    },
  };
}
