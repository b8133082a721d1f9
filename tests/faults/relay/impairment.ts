/** What happens to what passes a relay. Delay is milliseconds each way, loss is percent of datagrams. */
export type Impairment = { delayMs: number; lossPercent: number; jitterMs: number };

export type Address = { host: string; port: number };

/** A sequence of numbers in [0, 1) that is the same for the same seed (mulberry32), so that a run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type DelayLine = {
  /** Runs `deliver` after `delayMs`, never before what was pushed earlier. */
  push(delayMs: number, deliver: () => void): void;
  close(): void;
};

/** One direction of a link: keeps the order, whatever the delay becomes meanwhile. */
export function createDelayLine(): DelayLine {
  const queue: { at: number; deliver: () => void }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;

  function drain(): void {
    timer = undefined;
    const now = performance.now();
    // Timers fire up to a millisecond early.
    while (queue[0] !== undefined && queue[0].at <= now + 0.5) queue.shift()?.deliver();
    if (queue[0] !== undefined) timer = setTimeout(drain, Math.max(0, queue[0].at - performance.now()));
  }

  return {
    push(delayMs, deliver) {
      const now = performance.now();
      lastAt = Math.max(lastAt, now + delayMs);
      if (queue.length === 0 && lastAt <= now) return deliver();
      queue.push({ at: lastAt, deliver });
      timer ??= setTimeout(drain, Math.max(0, lastAt - now));
    },
    close() {
      clearTimeout(timer);
      queue.length = 0;
    },
  };
}
