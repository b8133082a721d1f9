/** Holds back what a page draws while the first frames of a call are made and shown, in the order it came. */
export type DrawPause = {
  /** From now on for PAUSE_MS. */
  begin(): void;
  /** Draws at once, or when the pause ends. */
  draw(job: () => void): void;
  /** Draws what was held back. May be called at any time. */
  end(): void;
};

// The first frame takes 40 to 60 ms through encoder, forwarder and decoder, and 200 more over two legs of 50 ms each way;
// a desk that is drawn in the moment it comes shows it up to 350 ms late.
const PAUSE_MS = 300;

export function createDrawPause(): DrawPause {
  let held: (() => void)[] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    clearTimeout(timer);
    const jobs = held ?? [];
    held = null;
    for (const job of jobs) job();
  }

  return {
    begin() {
      held ??= [];
      clearTimeout(timer);
      timer = setTimeout(end, PAUSE_MS);
    },
    draw(job) {
      if (held === null) job();
      else held.push(job);
    },
    end,
  };
}
