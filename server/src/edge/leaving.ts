/** A peer whose line stays down longer than a call waits for it has left for good. */
const LEAVE_AFTER_MS = 90_000;

/** Tells of those who are not back by then. */
export function createLeaving(leave: (peerId: string) => void) {
  const timers = new Map<string, NodeJS.Timeout>();
  const back = (peerId: string) => {
    clearTimeout(timers.get(peerId));
    timers.delete(peerId);
  };
  return {
    /** Counts from now on, whatever was counted before. */
    soon(peerId: string) {
      back(peerId);
      const timer = setTimeout(() => {
        timers.delete(peerId);
        leave(peerId);
      }, LEAVE_AFTER_MS);
      timers.set(peerId, timer);
    },
    back,
    close() {
      for (const peerId of [...timers.keys()]) back(peerId);
    },
  };
}
