import type { Log } from '../kernel/log.ts';

/** A peer whose line stays down longer than a call waits for it has left for good. */
const LEAVE_AFTER_MS = 90_000;

/**
 * Tells of those who are not back by then, here or in another process: a call's media stay where they are when a line
 * moves. Whoever cannot be looked for is looked for again as much later.
 */
export function createLeaving({
  leave,
  isBack,
  log,
}: {
  leave: (peerId: string) => void;
  isBack: (peerId: string) => Promise<boolean>;
  log: Log;
}) {
  const timers = new Map<string, NodeJS.Timeout>();
  const back = (peerId: string) => {
    clearTimeout(timers.get(peerId));
    timers.delete(peerId);
  };
  /** Counts from now on, whatever was counted before. */
  const soon = (peerId: string) => {
    back(peerId);
    const look = async () => {
      timers.delete(peerId);
      if (!(await isBack(peerId))) leave(peerId);
    };
    const timer = setTimeout(() => {
      look().catch((error: unknown) => {
        log.warn({ err: error, peerId }, 'whether somebody is back could not be seen; looking again');
        soon(peerId);
      });
    }, LEAVE_AFTER_MS);
    timers.set(peerId, timer);
  };
  return {
    soon,
    back,
    close() {
      for (const peerId of [...timers.keys()]) back(peerId);
    },
  };
}
