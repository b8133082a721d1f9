import { type CallId, Outcome } from '@openvtm/protocol';

/** What the agent has written about a call so far. */
export type Draft = { outcome: Outcome | null; note: string };

const KEY = 'openvtm.wrap-up';
const EMPTY: Draft = { outcome: null, note: '' };

/** The draft of one call at a time; it outlives a reload of the tab and nothing else. */
export interface Drafts {
  read(callId: CallId): Draft;
  write(callId: CallId, draft: Draft): void;
  forget(): void;
}

/** `storage` is the tab's sessionStorage. A full or forbidden storage loses the draft on reload, never the typing. */
export function createDrafts(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Drafts {
  return {
    read(callId) {
      try {
        const kept: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
        if (typeof kept !== 'object' || kept === null || !('callId' in kept) || kept.callId !== callId) return EMPTY;
        const outcome = Outcome.safeParse('outcome' in kept ? kept.outcome : null);
        const note = 'note' in kept && typeof kept.note === 'string' ? kept.note : '';
        return { outcome: outcome.success ? outcome.data : null, note };
      } catch {
        return EMPTY;
      }
    },
    write(callId, draft) {
      try {
        storage.setItem(KEY, JSON.stringify({ callId, ...draft }));
      } catch {
        // Nothing to do: the text is still on screen.
      }
    },
    forget() {
      try {
        storage.removeItem(KEY);
      } catch {
        // Forbidden storage holds nothing.
      }
    },
  };
}
