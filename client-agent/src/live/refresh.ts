import { onScopeDispose } from 'vue';

type Timing = {
  /** Between two readings after something changed. */
  leastMs: number;
  /** Between two readings while nothing is known to change. */
  mostMs: number;
};
type Wish = Timing & {
  /** Never rejects. */
  read: () => Promise<unknown>;
  isHidden: () => boolean;
};

/** Something that is read again and again. */
export interface Refresh {
  /** Something changed: soon, but not more often than `leastMs`. */
  soon(): void;
  /** Leaves no timer. */
  stop(): void;
}

/** Reads at once, then by the clock and after changes; one reading at a time, and none while nobody looks. */
export function createRefresh({ read, isHidden, leastMs, mostMs }: Wish): Refresh {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let begunAt = -Infinity;
  let reading = false;
  let changed = false;
  let stopped = false;

  function plan() {
    clearTimeout(timer);
    if (stopped || reading) return;
    timer = setTimeout(() => void go(), Math.max(0, begunAt + (changed ? leastMs : mostMs) - Date.now()));
  }
  async function go() {
    // What was missed is read when the page is looked at again.
    if (isHidden()) {
      changed = true;
      return;
    }
    begunAt = Date.now();
    reading = true;
    changed = false;
    await read();
    reading = false;
    plan();
  }
  plan();
  return {
    soon() {
      changed = true;
      plan();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** A refresh that lives with the component, and goes on when the page is shown again. */
export function useRefresh(read: () => Promise<unknown>, timing: Timing): Refresh {
  const refresh = createRefresh({ read, isHidden: () => document.hidden, ...timing });
  const onShown = () => {
    if (!document.hidden) refresh.soon();
  };
  document.addEventListener('visibilitychange', onShown);
  onScopeDispose(() => {
    refresh.stop();
    document.removeEventListener('visibilitychange', onShown);
  });
  return refresh;
}
