/** How long a track may give nothing before its device counts as asleep (ms). */
export const ASLEEP_AFTER_MS = 3_000;

/** Tells once when a track has ended, or has given nothing for so long; the returned function ends the watch. */
export function watchTrack(
  track: MediaStreamTrack,
  { onEnded, onAsleep }: { onEnded: () => void; onAsleep: () => void },
): () => void {
  const watch = new AbortController();
  const { signal } = watch;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    watch.abort();
  };
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      end();
      onAsleep();
    }, ASLEEP_AFTER_MS);
  };
  track.addEventListener('mute', rest, { signal });
  track.addEventListener('unmute', () => clearTimeout(timer), { signal });
  track.addEventListener(
    'ended',
    () => {
      end();
      onEnded();
    },
    { signal },
  );
  if (track.muted) rest();
  return end;
}

/** Whether a track gives something, at the latest after `within` ms; false also when it ends, or is given up before. */
export function awake(
  track: MediaStreamTrack,
  { within, signal }: { within: number; signal: AbortSignal },
): Promise<boolean> {
  if (!track.muted || signal.aborted) return Promise.resolve(!track.muted);
  return new Promise((resolve) => {
    const waiting = new AbortController();
    const settle = (result: boolean) => {
      clearTimeout(timer);
      waiting.abort();
      resolve(result);
    };
    const timer = setTimeout(() => settle(false), within);
    track.addEventListener('unmute', () => settle(true), { signal: waiting.signal });
    track.addEventListener('ended', () => settle(false), { signal: waiting.signal });
    signal.addEventListener('abort', () => settle(false), { signal: waiting.signal });
  });
}
