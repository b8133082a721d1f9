import type { BackgroundWish, DrawBackground, Drawn } from '@openvtm/rtc/background';
import type { VirtualBackgroundProcessor } from '@shiguredo/virtual-background';

type Policies = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown;
};
// Chromium has this on the page; other browsers cannot count what is drawn, and so do without backgrounds.
type FrameSource = { readonly readable: ReadableStream<VideoFrame> };
declare const MediaStreamTrackProcessor:
  | { new (options: { track: MediaStreamTrack; maxBufferSize: number }): FrameSource }
  | undefined;

/** Pixels by which what is behind a person is blurred: letters on a screen behind them cannot be read any more. */
const BLUR = 18;
/** Where fewer processors than this are at hand, a smaller picture is drawn. */
const FEW_PROCESSORS = 4;
const SMALLER = { width: 640, height: 360, frameRate: { max: 8 } };

/** ms in which the last frame of a drawing is through. */
const OVER_WITHIN_MS = 2_000;

let loading: Promise<VirtualBackgroundProcessor> | null = null;
let turn: Promise<unknown> = Promise.resolve();

/** Its script is loaded by an address of its own making: only those that this app was built with are script. */
function trustFiles(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  trustedTypes?.createPolicy('default', {
    createScriptURL: (url) =>
      new URL(url, location.href).href.startsWith(new URL(`${BACKGROUND_FILES}/`, location.href).href) ? url : null,
  });
}

/** One for the page's whole life: its model takes a second to load and is never given back. */
const load = (): Promise<VirtualBackgroundProcessor> =>
  (loading ??= import('@shiguredo/virtual-background').then(
    (library) => {
      if (!library.VirtualBackgroundProcessor.isSupported() || typeof MediaStreamTrackProcessor === 'undefined')
        throw new Error('this browser cannot draw over a camera’s background');
      trustFiles();
      return new library.VirtualBackgroundProcessor(BACKGROUND_FILES);
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  ));

async function pictureOf(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

async function start(camera: MediaStreamTrack, wish: Exclude<BackgroundWish, { is: 'none' }>): Promise<Drawn> {
  const [processor, picture] = await Promise.all([load(), wish.is === 'picture' ? pictureOf(wish.url) : null]);
  // One that was given up before it had begun.
  if (processor.isProcessing()) processor.stopProcessing();
  const feed = camera.clone();
  try {
    if (navigator.hardwareConcurrency < FEW_PROCESSORS) await feed.applyConstraints(SMALLER);
    const track = await processor.startProcessing(
      feed as MediaStreamVideoTrack,
      picture === null ? { blurRadius: BLUR } : { backgroundImage: picture },
    );
    return drawn(track, () => {
      // The frame in hand is drawn to its end, then the stream closes; a later drawing waits for that.
      const over = new Promise<void>((resolve) => {
        track.addEventListener('ended', () => resolve(), { once: true });
        setTimeout(resolve, OVER_WITHIN_MS);
      });
      feed.stop();
      turn = Promise.all([turn, over]).then(() => {
        if (processor.getProcessedTrack() === track) processor.stopProcessing();
        track.stop();
      });
    });
  } catch (error) {
    feed.stop();
    throw error;
  }
}

function drawn(track: MediaStreamTrack, end: () => void): Drawn {
  let closed = false;
  let reader: ReadableStreamDefaultReader<VideoFrame> | null = null;
  return {
    track,
    onFrame(handler) {
      if (typeof MediaStreamTrackProcessor === 'undefined' || closed) return;
      const reading = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
      reader = reading;
      const count = async () => {
        for (;;) {
          const { value, done } = await reading.read();
          value?.close();
          if (done || closed) return;
          handler();
        }
      };
      // A track that was stopped gives no more frames, which whoever counts them sees.
      count().catch(() => undefined);
    },
    close() {
      if (closed) return;
      closed = true;
      void reader?.cancel().catch(() => undefined);
      end();
    },
  };
}

/** Finds the person on each frame, by a model and WebAssembly of this origin, and draws the background over. */
export const drawVirtualBackground: DrawBackground = (camera, wish) => {
  // One after the other: there is one processor.
  const mine = turn.then(() => start(camera, wish));
  turn = mine.catch(() => undefined);
  return mine;
};
