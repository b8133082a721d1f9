import type { QuickPhrase } from '@openvtm/protocol';
import { shallowRef } from 'vue';
import { useAsk } from '../../live/index.ts';

// The server reads them at its start: one look a page is enough.
const phrases = shallowRef<QuickPhrase[] | null>(null);

/** The bank's quick phrases for agents; null: not read yet. */
export function usePhrases() {
  const { busy, refused, ask } = useAsk();
  async function load() {
    const answer = await ask('chat:phrases', {});
    if (answer) phrases.value = answer.agent;
  }
  if (phrases.value === null) void load();
  return { phrases, busy, refused, load };
}
