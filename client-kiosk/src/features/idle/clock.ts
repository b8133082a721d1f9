import { onScopeDispose, ref, type Ref } from 'vue';

const TICK_MS = 200;

type Countdown = { left: Ref<number>; share: Ref<number>; restart: () => void };

/** Seconds left of a visible clock that began with the component, or at `restart`; calls `over` once at the end. */
export function useCountdown(ms: number, over: () => void): Countdown {
  let began = performance.now();
  const left = ref(Math.ceil(ms / 1000));
  const share = ref(1);
  let timer = setInterval(tick, TICK_MS);
  function tick() {
    const remaining = Math.max(0, ms - (performance.now() - began));
    left.value = Math.ceil(remaining / 1000);
    share.value = remaining / ms;
    if (remaining > 0) return;
    clearInterval(timer);
    over();
  }
  function restart() {
    clearInterval(timer);
    began = performance.now();
    left.value = Math.ceil(ms / 1000);
    timer = setInterval(tick, TICK_MS);
  }
  onScopeDispose(() => clearInterval(timer));
  return { left, share, restart };
}
