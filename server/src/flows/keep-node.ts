import type { Log } from '../kernel/log.ts';
import type { Works } from '../kernel/work.ts';
import type { CallMedia } from './follow-calls.ts';
import { strandedLinesLost } from './lose-line.ts';
import type { Parts } from './parts.ts';

const BEAT_MS = 1_000;

/**
 * Says every second that this process is there, and takes over from those that are not: their lines are down, and the
 * rooms of calls whose people are here are claimed anew.
 */
export function keepNode(
  needs: Pick<Parts, 'calls' | 'cases' | 'nodes' | 'queue'>,
  works: Works,
  { log, callMedia }: { log: Log; callMedia: CallMedia },
): { close(): Promise<void> } {
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  const round = async () => {
    await needs.nodes.beat();
    if (needs.nodes.me.address === null) return;
    await strandedLinesLost(needs, works);
    await callMedia.restore();
  };
  const loop = () => {
    running = round().catch((error: unknown) => log.warn({ err: error }, 'the other processes could not be looked at'));
    void running.then(() => {
      if (!closed) timer = setTimeout(loop, BEAT_MS);
    });
  };
  let timer = setTimeout(loop, BEAT_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
