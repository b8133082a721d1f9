import type { Language, PaperText } from '@openvtm/protocol';
import { computed, onScopeDispose, ref, type Ref } from 'vue';
import { canReadAloud, hush, isRendered, loadSounds, readAloud } from '../voice/index.ts';

/** Parts of a paper, the first and the last of them, counted as `partsOf` does. */
export type Parts = { first: number; last: number };
/** Where reading a paper aloud is. `own`: at parts with the customer's own data, until they have read them. */
type Aloud = { at: 'off' } | ({ at: 'reading' | 'own' } & Parts);

/** The parts of a paper in the order they stand: its title, then each section's heading and paragraphs. */
export const partsOf = ({ title, sections }: PaperText): string[] => [
  title,
  ...sections.flatMap(({ heading, paragraphs }) => [heading, ...paragraphs]),
];

/**
 * Reads a paper to the customer part by part, slowly: who asks for it wants to understand each word. What has their own
 * data in it is not said, since others stand near; `own` is said in its place.
 */
export function useReadAloud(wish: { text: () => PaperText | null; language: () => Language; own: () => string }) {
  const state: Ref<Aloud> = ref({ at: 'off' });
  let run = 0;
  void loadSounds();

  async function readFrom(first: number): Promise<void> {
    const text = wish.text();
    if (!text) return;
    const mine = (run += 1);
    const language = wish.language();
    const parts = partsOf(text);
    const sayable = await Promise.all(parts.map((part) => isRendered(part, language)));
    for (let part = first; part < parts.length && mine === run; part += 1) {
      const said = sayable[part] === true;
      const next = sayable.indexOf(true, part);
      const last = said ? part : (next === -1 ? parts.length : next) - 1;
      state.value = { at: said ? 'reading' : 'own', first: part, last };
      const whole = await readAloud(said ? (parts[part] ?? '') : wish.own(), { language, slow: true });
      if (mine !== run || !said) return;
      if (!whole) return stop();
    }
    stop();
  }
  function stop() {
    run += 1;
    if (state.value.at !== 'off') hush();
    state.value = { at: 'off' };
  }
  onScopeDispose(stop);

  return {
    state,
    can: computed(canReadAloud),
    start: () => void readFrom(0),
    goOn: () => state.value.at === 'own' && void readFrom(state.value.last + 1),
    stop,
  };
}
