import { onScopeDispose, ref, type Ref } from 'vue';

const TICK_MS = 200;

/** Seconds left of a visible clock that began with the component; calls `over` once at the end. */
export function useCountdown(ms: number, over: () => void): { left: Ref<number>; share: Ref<number> } {
  const began = performance.now();
  const left = ref(Math.ceil(ms / 1000));
  const share = ref(1);
  const timer = setInterval(() => {
    const remaining = Math.max(0, ms - (performance.now() - began));
    left.value = Math.ceil(remaining / 1000);
    share.value = remaining / ms;
    if (remaining > 0) return;
    clearInterval(timer);
    over();
  }, TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  return { left, share };
}
