import { onScopeDispose, type Ref, ref } from 'vue';
import { useLive } from './store.ts';

type Ticker = { now: Ref<number>; users: number; timer: ReturnType<typeof setInterval> };
// One ticker for each pace, so that all clocks on the screen change in the same moment.
const tickers = new Map<number, Ticker>();

/** The server's clock, refreshed every `everyMs` while the component lives. */
export function useServerNow(everyMs = 1000): Readonly<Ref<number>> {
  const live = useLive();
  const read = () => Date.now() + live.clockAhead;
  let ticker = tickers.get(everyMs);
  if (ticker === undefined) {
    const now = ref(read());
    ticker = { now, users: 0, timer: setInterval(() => (now.value = read()), everyMs) };
    tickers.set(everyMs, ticker);
  }
  const mine = ticker;
  mine.users += 1;
  mine.now.value = read();
  onScopeDispose(() => {
    mine.users -= 1;
    if (mine.users > 0) return;
    clearInterval(mine.timer);
    tickers.delete(everyMs);
  });
  return mine.now;
}
