import { CURTAIN_COLOUR } from '../../../shared/rtc/src/curtain.ts';

/** What was decoded into a <video>: how many frames looked like the curtain, how many did not, and when the last ones came. */
export type Picture = {
  curtain: number;
  camera: number;
  /** performance.now() of the first frame since `forget()` that was no curtain. */
  firstCameraAt: number | null;
  lastFrameAt: number;
  /** Largest distance of a colour channel from the curtain's colour in any frame that counted as curtain, 0 to 255. */
  worst: number;
  forget(): void;
};

// VP8 at its lowest quality moves a plain colour by a few steps; the test camera differs by more than 60 almost everywhere.
const TOLERANCE = 24;
const WIDTH = 16;
const HEIGHT = 9;

/** Looks at the pixels of every frame that a <video> shows. */
export function watchPicture(video: HTMLVideoElement): Picture {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen === null) throw new Error('no 2d canvas');
  const picture: Picture = {
    curtain: 0,
    camera: 0,
    firstCameraAt: null,
    lastFrameAt: 0,
    worst: 0,
    forget() {
      picture.curtain = 0;
      picture.camera = 0;
      picture.firstCameraAt = null;
      picture.worst = 0;
    },
  };
  const look = () => {
    const now = performance.now();
    video.requestVideoFrameCallback(look);
    pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const { data } = pen.getImageData(0, 0, WIDTH, HEIGHT);
    let far = 0;
    for (let i = 0; i < data.length; i += 4) {
      for (let channel = 0; channel < 3; channel += 1) {
        far = Math.max(far, Math.abs((data[i + channel] ?? 0) - (CURTAIN_COLOUR[channel] ?? 0)));
      }
    }
    picture.lastFrameAt = now;
    if (far > TOLERANCE) {
      picture.camera += 1;
      picture.firstCameraAt ??= now;
    } else {
      picture.curtain += 1;
      picture.worst = Math.max(picture.worst, far);
    }
  };
  video.requestVideoFrameCallback(look);
  return picture;
}
