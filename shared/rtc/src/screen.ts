import type { Transport } from 'mediasoup-client/types';
import { createBesideSending } from './beside.ts';
import type { Line } from './line.ts';

export type ScreenSending = {
  /** The window that goes out; null: none. */
  readonly track: MediaStreamTrack | null;
  /** Sends this window from now on, until it ends or another one, or none, takes its place. */
  share(track: MediaStreamTrack | null): void;
  /** Produces over this transport from now on; null: over none. */
  use(transport: Transport | null): Promise<void>;
  close(): void;
};

// Letters must be sharp, motion may stutter: one layer, few frames.
const MAX_BITRATE = 2_500_000;
const MAX_FRAMERATE = 12;

/** Sends a window that somebody shows. What ended, here or by the browser's own button, is not sent again. */
export function createScreenSending(options: {
  line: Line;
  onChange: () => void;
  onError: (error: unknown) => void;
}): ScreenSending {
  const { onChange } = options;
  let shared: MediaStreamTrack | null = null;
  const sending = createBesideSending({
    ...options,
    source: 'screen',
    how: () => ({ encodings: [{ maxBitrate: MAX_BITRATE, maxFramerate: MAX_FRAMERATE }] }),
  });

  const share = (track: MediaStreamTrack | null) => {
    if (shared === track) return;
    shared?.stop();
    shared = track;
    if (track) {
      track.contentHint = 'detail';
      track.addEventListener('ended', () => {
        if (shared === track) share(null);
      });
    }
    onChange();
    void sending.send(track);
  };

  return {
    get track() {
      return shared;
    },
    share,
    use: sending.use,
    close() {
      void sending.use(null);
      shared?.stop();
      shared = null;
    },
  };
}
