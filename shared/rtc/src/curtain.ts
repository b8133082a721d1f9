import type { DeviceSource } from './sending.ts';
import { createFrameTrack } from './frame-track.ts';

/** What is sent in place of a camera and a microphone: a plain calm picture, and silence. */
export type Curtain = {
  track(source: DeviceSource): MediaStreamTrack;
  /** Makes the picture as large as the camera's, so that the encoder goes on unchanged when the curtain is lifted. */
  resize(width: number, height: number): void;
  /** Whether frames of the picture are made; nobody needs them while the camera is sent. */
  run(running: boolean): void;
  /**
   * Sends one frame of the camera in the placeholder's place, over the same track, and closes it: no track has to be
   * replaced before it. Does nothing where the browser cannot do it.
   */
  show(frame: VideoFrame): Promise<void>;
  close(): void;
};

/** The placeholder's colour as red, green, blue: a calm grey blue. */
export const CURTAIN_COLOUR = [0x5b, 0x7a, 0x99] as const;

// 8 frames a second keep encoder, forwarder and decoder going; each costs 10 ms of a processor over all of them.
const FRAME_EVERY_MS = 125;
const SPECK = 16;

/** Makes the placeholder tracks. Frames keep coming because a speck changes by one shade, unseen by people. */
export function createCurtain({ width, height }: { width: number; height: number }): Curtain {
  const canvas = document.createElement('canvas');
  // Kept in main memory: each frame is read back for the encoder.
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const frames = createFrameTrack();
  const camera = frames?.track ?? canvas.captureStream().getVideoTracks()[0];
  const audio = new AudioContext();
  const microphone = audio.createMediaStreamDestination().stream.getAudioTracks()[0];
  if (pen === null || camera === undefined || microphone === undefined) {
    void audio.close();
    throw new Error('This browser cannot draw the placeholder picture; use a current Chromium, Firefox or Safari.');
  }
  const shade = (step: number) => `rgb(${CURTAIN_COLOUR.map((channel) => channel + step).join(' ')})`;
  let odd = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const paint = () => {
    odd = !odd;
    pen.fillStyle = shade(Number(odd));
    pen.fillRect(0, 0, SPECK, SPECK);
    void frames?.write(canvas);
  };
  const resize = (wide: number, high: number) => {
    if (canvas.width === wide && canvas.height === high) return;
    canvas.width = wide;
    canvas.height = high;
    pen.fillStyle = shade(0);
    pen.fillRect(0, 0, wide, high);
  };
  resize(width, height);
  void audio.resume().catch(() => undefined);
  let closed = false;
  const run = (running: boolean) => {
    clearInterval(timer);
    timer = running && !closed ? setInterval(paint, FRAME_EVERY_MS) : undefined;
    if (running) paint();
  };

  return {
    track: (source) => (source === 'camera' ? camera : microphone),
    resize,
    run,
    async show(frame) {
      await frames?.write(frame);
      frame.close();
    },
    close() {
      if (closed) return;
      closed = true;
      run(false);
      camera.stop();
      microphone.stop();
      void audio.close();
    },
  };
}
