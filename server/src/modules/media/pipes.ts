import type { types } from 'mediasoup';
import type { MediaWorker } from './media-worker.ts';

export type Pipes = {
  /** Sees to it that a producer can be consumed on another worker too. On its own it can. */
  reach(producer: types.Producer, way: { from: MediaWorker; to: MediaWorker }): Promise<void>;
};

/**
 * A call's customer and first agent are on one worker; whoever comes later is where they are already, so that they need
 * not join anew. What they see and hear goes from worker to worker over loopback, once for each track.
 */
export function createPipes(): Pipes {
  const piped = new WeakMap<types.Producer, Map<MediaWorker, Promise<unknown>>>();
  return {
    async reach(producer, { from, to }) {
      if (from === to) return;
      const ways = piped.get(producer) ?? new Map<MediaWorker, Promise<unknown>>();
      piped.set(producer, ways);
      const under = ways.get(to);
      if (under) return void (await under);
      const made = from.router.pipeToRouter({ producerId: producer.id, router: to.router });
      ways.set(to, made);
      // One that failed is tried again with the next consumer.
      await made.catch((error: unknown) => {
        ways.delete(to);
        throw error;
      });
    },
  };
}
