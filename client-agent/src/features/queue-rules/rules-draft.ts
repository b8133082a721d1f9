import { z } from 'zod';

/** What somebody has typed: the text, and the version of the rules that it changes. */
const Draft = z.object({ staffId: z.string(), basedOn: z.number().int(), text: z.string() });
export type Draft = z.infer<typeof Draft>;

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
        const kept = Draft.safeParse(JSON.parse(storage.getItem(KEY) ?? 'null'));
        return kept.success && kept.data.staffId === staffId ? kept.data : null;
      } catch {
        return null;
      }
    },
    write: (draft) => quietly(() => storage.setItem(KEY, JSON.stringify(draft))),
    forget: () => quietly(() => storage.removeItem(KEY)),
  };
}
