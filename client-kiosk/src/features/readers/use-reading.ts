import { onScopeDispose, shallowRef } from 'vue';
import { NotRead, type CardFacts, type CardReader, type ReadFailure } from './reader.ts';

export type Reading =
  | { at: 'offered' }
  | { at: 'reading' }
  /** `left`: fields that the card could fill in but does not say. */
  | { at: 'read'; left: number }
  | { at: 'failed'; why: ReadFailure };

/** One reader on the screen, until the screen goes: asked for each card, or reading whatever is put on it. */
export function useReading(reader: CardReader, take: (facts: CardFacts) => { left: number }) {
  const reading = shallowRef<Reading>({ at: 'offered' });
  let running: AbortController | null = null;

  async function once(): Promise<void> {
    const mine = new AbortController();
    running?.abort();
    running = mine;
    let came: Reading;
    try {
      came = { at: 'read', ...take(await reader.read(mine.signal)) };
    } catch (error) {
      came = { at: 'failed', why: error instanceof NotRead ? error.why : 'broken' };
    }
    if (mine.signal.aborted) return;
    running = null;
    reading.value = came;
    if (reader.unasked && !(came.at === 'failed' && came.why === 'broken')) void once();
  }

  function ask() {
    if (running && !reader.unasked) return;
    reading.value = { at: 'reading' };
    if (!running) void once();
  }
  function stop() {
    running?.abort();
    running = null;
    reading.value = { at: 'offered' };
  }
  if (reader.unasked) void once();
  onScopeDispose(() => running?.abort());
  return { reading, ask, stop };
}
