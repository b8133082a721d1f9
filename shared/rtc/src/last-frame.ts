// Chromium has these two on the page; other browsers do without the shortcut.
type Processor = { readonly readable: ReadableStream<VideoFrame> };
type Generator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
declare const MediaStreamTrackProcessor:
  | { new (options: { track: MediaStreamTrack; maxBufferSize: number }): Processor }
  | undefined;
declare const MediaStreamTrackGenerator: { new (options: { kind: 'video' }): Generator } | undefined;

/** A track that shows one frame on demand: the newest that a camera has given. */
export type LastFrame = {
  readonly track: MediaStreamTrack;
  /** Keeps the newest frame of this camera from now on; null: of none. */
  follow(camera: MediaStreamTrack | null): void;
  /** Puts the newest frame out. Resolves without one if the camera gives none. */
  show(): Promise<void>;
  close(): void;
};

// Longer than a camera at 30 frames a second needs for its next one, which is then as good.
const FRAME_AT_MOST_MS = 40;

/**
 * Saves the wait for a camera's next frame, half a frame's time on average, when the curtain is lifted. null where the
 * browser cannot do it.
 */
export function createLastFrame(): LastFrame | null {
  if (typeof MediaStreamTrackProcessor === 'undefined' || typeof MediaStreamTrackGenerator === 'undefined') return null;
  const Processing = MediaStreamTrackProcessor;
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  let followed: MediaStreamTrack | null = null;
  let reader: ReadableStreamDefaultReader<VideoFrame> | null = null;

  function follow(camera: MediaStreamTrack | null): void {
    if (camera === followed) return;
    followed = camera;
    void reader?.cancel().catch(() => undefined);
    // One frame is kept and the older one dropped, so that nothing is copied or read while nobody asks.
    reader = camera === null ? null : new Processing({ track: camera, maxBufferSize: 1 }).readable.getReader();
  }

  return {
    track,
    follow,
    async show() {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tooLate = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), FRAME_AT_MOST_MS);
      });
      const newest = reader?.read().then(({ value }) => value);
      const frame = await Promise.race([newest, tooLate]);
      clearTimeout(timer);
      if (frame === undefined) {
        // A frame that still comes is let go: the camera has only a few.
        void newest?.then((late) => late?.close()).catch(() => undefined);
        return;
      }
      // Its own time is past, and frames that seem older than the placeholder's last one are thrown away.
      const fresh = new VideoFrame(frame, { timestamp: Math.round(performance.now() * 1000) });
      frame.close();
      await writer.write(fresh);
    },
    close() {
      follow(null);
      track.stop();
    },
  };
}
