/** A peer whose line stays down longer than a call waits for it has left for good. */
const LEAVE_AFTER_MS = 90_000;

/** Tells of those who are not back by then. */
export function createLeaving(leave: (peerId: string) => void, isBack: (peerId: string) => boolean) {
  const timers = new Set<NodeJS.Timeout>();
  return {
    soon(peerId: string) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!isBack(peerId)) leave(peerId);
      }, LEAVE_AFTER_MS);
      timers.add(timer);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
