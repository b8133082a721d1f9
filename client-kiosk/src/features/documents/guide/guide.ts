// oxlint-disable-next-line import/default -- Vite answers with the address of the built worker
import workerUrl from './guide-worker.ts?worker&url';
import type { GuideAnswer, GuideAsk } from './guide-worker.ts';
import type { Observation } from './observe.ts';

export type Guide = {
  /** Looks at a camera's frames, as fast as they come and it can, and tells each; ends with the answer's call. */
  watch(track: MediaStreamTrack, seen: (observation: Observation, tookMs: number) => void): () => void;
  /** Looks at one picture, which is given away; null when it cannot. */
  look(picture: ImageBitmap): Promise<Observation | null>;
  close(): void;
};

/** ms between two frames where they must be taken from a picture element. */
const DRAW_MS = 110;
/** ms between two looks at the least: 20 a second show the outline where the page is, and leave the processor to the call. */
const LOOK_MS = 50;
/** ms that a look which has begun may still take when the guide is closed. */
const ENDS_WITHIN_MS = 1_000;

type FrameSource = { readonly readable: ReadableStream<VideoFrame> };
declare const MediaStreamTrackProcessor:
  | { new (options: { track: MediaStreamTrack; maxBufferSize: number }): FrameSource }
  | undefined;

declare global {
  interface Window {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): {
        createScriptURL(url: string): string;
      };
    };
  }
}

/** A worker's address is script to the browser: only the one that this app was built with is. */
function trustedWorker(): string {
  const policy = globalThis.window.trustedTypes?.createPolicy('openvtm-guide', { createScriptURL: (one) => one });
  return policy?.createScriptURL(workerUrl) ?? workerUrl;
}

/** Starts the eye that looks for pages, in a worker of its own: the screen never waits for it. */
export function startGuide(): Guide {
  const worker = new Worker(trustedWorker(), { type: 'module' });
  const asked = new Map<number, (answer: GuideAnswer) => void>();
  let nextId = 1;
  let closing: ReturnType<typeof setTimeout> | undefined;

  worker.addEventListener('message', ({ data }: MessageEvent<GuideAnswer>) => {
    asked.get(data.id)?.(data);
    asked.delete(data.id);
    if (closing !== undefined && asked.size === 0) end();
  });
  function end() {
    clearTimeout(closing);
    worker.terminate();
  }

  /** One look; what is looked at is given away. */
  const ask = (picture: ImageBitmap | VideoFrame): Promise<GuideAnswer> => {
    const { promise, resolve } = Promise.withResolvers<GuideAnswer>();
    const id = nextId++;
    asked.set(id, resolve);
    const wish: GuideAsk = { id, picture };
    worker.postMessage(wish, [picture]);
    return promise;
  };
  const lookAt = async (picture: ImageBitmap): Promise<Observation | null> => (await ask(picture)).seen;

  /** Frame by frame: one that nobody has looked at when it ends must be closed, and one on its way to a worker can't be. */
  const watchFrames = (
    track: MediaStreamTrack,
    seen: (observation: Observation, tookMs: number) => void,
    framesOf: (track: MediaStreamTrack) => ReadableStream<VideoFrame>,
  ) => {
    // A copy, so that its end is the end of the stream and not of the camera.
    const copy = track.clone();
    const reader = framesOf(copy).getReader();
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      const { value: frame } = await reader.read();
      if (!frame) return;
      if (stopped) return frame.close();
      const began = performance.now();
      const { seen: found, tookMs } = await ask(frame);
      if (stopped) return;
      if (found) seen(found, tookMs);
      timer = setTimeout(again, Math.max(0, began + LOOK_MS - performance.now()));
    };
    const again = () => void next().catch(() => undefined);
    again();
    return () => {
      stopped = true;
      clearTimeout(timer);
      copy.stop();
      void reader.cancel().catch(() => undefined);
    };
  };

  /** Where a track's frames can't be had, they are taken from a picture element. */
  const watchDrawn = (track: MediaStreamTrack, seen: (observation: Observation, tookMs: number) => void) => {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      const began = performance.now();
      if (video.videoWidth > 0) {
        const found = await createImageBitmap(video)
          .then(lookAt)
          .catch(() => null);
        if (found && !stopped) seen(found, performance.now() - began);
      }
      if (!stopped) timer = setTimeout(() => void next(), DRAW_MS);
    };
    void next();
    return () => {
      stopped = true;
      clearTimeout(timer);
      video.srcObject = null;
    };
  };

  return {
    watch(track, seen) {
      const Processor = typeof MediaStreamTrackProcessor === 'undefined' ? null : MediaStreamTrackProcessor;
      if (Processor === null) return watchDrawn(track, seen);
      return watchFrames(track, seen, (copy) => new Processor({ track: copy, maxBufferSize: 1 }).readable);
    },
    look: lookAt,
    close() {
      // What is being looked at is closed by the look; then, or after a while, the worker ends.
      closing ??= setTimeout(end, asked.size === 0 ? 0 : ENDS_WITHIN_MS);
    },
  };
}
