// Chromium has this on the page; other browsers do without the shortcut.
type Processor = { readonly readable: ReadableStream<VideoFrame> };
declare const MediaStreamTrackProcessor:
  | { new (options: { track: MediaStreamTrack; maxBufferSize: number }): Processor }
  | undefined;

/** The newest frame that a camera has given, on demand. */
export type LastFrame = {
  /** Keeps the newest frame of this camera from now on; null: of none. */
  follow(camera: MediaStreamTrack | null): void;
  /** The newest frame, the caller's to close; null if the camera gives none. */
  take(): Promise<VideoFrame | null>;
};

// Longer than a camera at 30 frames a second needs for its next one, which is then as good.
const FRAME_AT_MOST_MS = 40;

/** Saves the wait for a camera's next frame, half a frame's time on average, when the curtain is lifted. */
export function createLastFrame(): LastFrame {
  let followed: MediaStreamTrack | null = null;
  let reader: ReadableStreamDefaultReader<VideoFrame> | null = null;

  return {
    follow(camera) {
      if (camera === followed) return;
      followed = camera;
      void reader?.cancel().catch(() => undefined);
      reader = null;
      if (camera === null || typeof MediaStreamTrackProcessor === 'undefined') return;
      // One frame is kept and the older one dropped, so that nothing is copied or read while nobody asks.
      reader = new MediaStreamTrackProcessor({ track: camera, maxBufferSize: 1 }).readable.getReader();
    },
    async take() {
      if (reader === null) return null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tooLate = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), FRAME_AT_MOST_MS);
      });
      const newest = reader.read().then(({ value }) => value ?? null);
      const frame = await Promise.race([newest, tooLate]);
      clearTimeout(timer);
      // A frame that still comes is let go: the camera has only a few.
      if (frame === null) void newest.then((late) => late?.close()).catch(() => undefined);
      return frame;
    },
  };
}
