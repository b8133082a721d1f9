import type { Log } from '../kernel/log.ts';
import type { Works } from '../kernel/work.ts';
import type { CallMedia } from './follow-calls.ts';
import { strandedLinesLost } from './lose-line.ts';
import type { Parts } from './parts.ts';

const BEAT_MS = 1_000;

/**
 * Says every second that this process is there, and takes over from those that are not: their lines are down, and the
 * rooms of calls whose people are here are claimed anew. Taking over may take long, so the beat does not wait for it: it
 * would be held for dead itself.
 */
export function keepNode(
  needs: Pick<Parts, 'calls' | 'cases' | 'nodes' | 'queue'>,
  works: Works,
  { log, callMedia, partAll }: { log: Log; callMedia: CallMedia; partAll: () => void },
): { close(): Promise<void> } {
  const { nodes } = needs;
  const beat = async () => {
    if (!(await nodes.beat()).wasTakenAway) return;
    log.warn('another process held this one for dead: whoever is here comes anew');
    partAll();
  };
  const takeOver = async () => {
    await strandedLinesLost(needs, works);
    await callMedia.restore();
  };
  const onError = (error: unknown) => log.warn({ err: error }, 'the other processes could not be looked at');
  const loops = [everySecond(beat, onError)];
  if (nodes.me.address !== null) loops.push(everySecond(takeOver, onError));
  return { close: async () => void (await Promise.all(loops.map((loop) => loop.close()))) };
}

/** A second after it was last done, again. */
function everySecond(job: () => Promise<void>, onError: (error: unknown) => void): { close(): Promise<void> } {
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = job().catch(onError);
    void running.then(() => {
      if (!closed) timer = setTimeout(run, BEAT_MS);
    });
  };
  let timer = setTimeout(run, BEAT_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
