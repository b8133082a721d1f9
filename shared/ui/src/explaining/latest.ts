/** Sends the newest of what changes fast: one at a time, and no sooner than `gapMs` after the one before. */
export interface Latest<T> {
  put(value: T): void;
  /** What was not sent yet is not any more. */
  drop(): void;
  /** Leaves no timer; what was not sent is dropped. */
  close(): void;
}

export function createLatest<T>(send: (value: T) => Promise<unknown>, gapMs = 100): Latest<T> {
  let next: { value: T } | null = null;
  let busy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function go(): Promise<void> {
    if (busy || !next) return;
    const { value } = next;
    next = null;
    busy = true;
    // What does not get through is made good by the next.
    await send(value).catch(() => undefined);
    timer = setTimeout(() => {
      busy = false;
      void go();
    }, gapMs);
  }
  return {
    put(value) {
      next = { value };
      void go();
    },
    drop() {
      next = null;
    },
    close() {
      clearTimeout(timer);
      next = null;
      busy = true;
    },
  };
}
