import { setTimeout as pause } from 'node:timers/promises';
import { startWorker, type MediaWorker } from './media-worker.ts';
import type { Log, MediaSettings } from './media-needs.ts';

const RESTART_PAUSE_MS = 500;
const WAIT_FOR_WORKER_MS = 5_000;

export type WorkerPool = {
  /** Those that can be used now. */
  up(): MediaWorker[];
  /** Resolves when at least one is up, or the pool closes; rejects after 5 s without any. */
  someUp(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Keeps `settings.workers` media workers running: one that dies, or that is killed because it hangs, is replaced on the
 * same port. `onLost` is told at once, before the replacement is there. Rejects if a worker cannot start at all.
 */
export async function createWorkerPool(needs: {
  settings: MediaSettings;
  log: Log;
  onLost: (worker: MediaWorker) => void;
}): Promise<WorkerPool> {
  const { settings, log, onLost } = needs;
  const slots: (MediaWorker | null)[] = Array.from({ length: settings.workers }, () => null);
  const waiting = new Set<() => void>();
  const closing = new AbortController();

  async function fill(index: number): Promise<void> {
    const worker = await startWorker({ index, settings, log, onDied: () => lost(index, worker) });
    if (closing.signal.aborted) return worker.close();
    slots[index] = worker;
    wake();
  }

  function wake(): void {
    for (const ready of waiting) ready();
    waiting.clear();
  }

  function lost(index: number, worker: MediaWorker): void {
    if (slots[index] !== worker || closing.signal.aborted) return;
    slots[index] = null;
    onLost(worker);
    void refill(index);
  }

  async function refill(index: number): Promise<void> {
    while (!closing.signal.aborted && slots[index] === null) {
      try {
        await fill(index);
      } catch (error) {
        log.error({ index, err: error }, 'media worker did not start again');
        await pause(RESTART_PAUSE_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  const up = () => slots.filter((worker): worker is MediaWorker => worker !== null);
  async function close(): Promise<void> {
    closing.abort();
    const running = up();
    slots.fill(null);
    wake();
    await Promise.all(running.map((worker) => worker.close()));
  }

  const started = await Promise.allSettled(slots.map((_, index) => fill(index)));
  const failure = started.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await close();
    throw failure.reason;
  }
  return {
    up,
    someUp() {
      if (up().length > 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const ready = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          waiting.delete(ready);
          reject(new Error('no media worker is up'));
        }, WAIT_FOR_WORKER_MS);
        waiting.add(ready);
      });
    },
    close,
  };
}
