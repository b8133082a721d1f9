/** What somebody has typed: the text, and the version of the rules that it changes. */
export type Draft = { staffId: string; basedOn: number; text: string };

const KEY = 'openvtm.queue-rules';

/** A draft outlives a reload of the tab; nobody else who signs in here sees it. */
export interface RulesDrafts {
  read(staffId: string): Draft | null;
  write(draft: Draft): void;
  forget(): void;
}

/** `storage` is the tab's sessionStorage. A full or forbidden storage loses the draft on reload, never the typing. */
export function createRulesDrafts(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): RulesDrafts {
  const quietly = (work: () => void) => {
    try {
      work();
    } catch {
      // Nothing to do: the text is still on screen.
    }
  };
  return {
    read(staffId) {
      try {
        const kept: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
        if (typeof kept !== 'object' || kept === null || !('staffId' in kept) || kept.staffId !== staffId) return null;
        if (!('basedOn' in kept) || typeof kept.basedOn !== 'number') return null;
        return 'text' in kept && typeof kept.text === 'string'
          ? { staffId, basedOn: kept.basedOn, text: kept.text }
          : null;
      } catch {
        return null;
      }
    },
    write: (draft) => quietly(() => storage.setItem(KEY, JSON.stringify(draft))),
    forget: () => quietly(() => storage.removeItem(KEY)),
  };
}
