import { CURTAIN_COLOUR } from '../../../shared/rtc/src/curtain.ts';

/** What was decoded into a <video>: how many frames looked like the curtain, how many did not, and when the last ones came. */
export type Picture = {
  curtain: number;
  camera: number;
  /** performance.now() of the first frame since `forget()` that was no curtain. */
  firstCameraAt: number | null;
  lastFrameAt: number;
  /** Between two frames, since `forget()`. */
  longestGapMs: number;
  /** Largest distance of a colour channel from the curtain's colour in any frame that counted as curtain, 0 to 255. */
  worst: number;
  forget(): void;
};

// VP8 at its lowest quality moves a plain colour by a few steps; the test camera differs by more than 60 almost everywhere.
const TOLERANCE = 24;
const WIDTH = 16;
const HEIGHT = 9;

/** Red, green, blue and opacity of some pixels, one after the other. */
type Sample = (video: HTMLVideoElement) => Promise<ArrayLike<number>>;

/** The whole picture, made small: sees a camera anywhere, and takes the page 5 ms a frame. */
function sampleWhole(): Sample {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen === null) throw new Error('no 2d canvas');
  return async (video) => {
    pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    return pen.getImageData(0, 0, WIDTH, HEIGHT).data;
  };
}

/** The middle of the picture from the decoder's own planes (I420): next to nothing to do for the page that is measured. */
function sampleMiddle(): Sample {
  const side = 16;
  const planes = new Uint8Array(side * side * 1.5);
  const mean = (from: number, count: number) =>
    planes.subarray(from, from + count).reduce((sum, one) => sum + one, 0) / count;
  return async (video) => {
    const frame = new VideoFrame(video);
    const even = (size: number) => Math.floor(size / 4) * 2;
    await frame.copyTo(planes, {
      rect: { x: even(frame.codedWidth), y: even(frame.codedHeight), width: side, height: side },
    });
    frame.close();
    const light = 1.164 * (mean(0, side * side) - 16);
    const [blue, red] = [mean(side * side, side * 4) - 128, mean(side * side * 1.25, side * 4) - 128];
    return [light + 1.596 * red, light - 0.391 * blue - 0.813 * red, light + 2.018 * blue, 255];
  };
}

/** Looks at the pixels of every frame that a <video> shows. */
export function watchPicture(video: HTMLVideoElement, where: 'whole' | 'middle' = 'whole'): Picture {
  const sample = where === 'whole' ? sampleWhole() : sampleMiddle();
  const picture: Picture = {
    curtain: 0,
    camera: 0,
    firstCameraAt: null,
    lastFrameAt: 0,
    longestGapMs: 0,
    worst: 0,
    forget() {
      picture.curtain = 0;
      picture.camera = 0;
      picture.firstCameraAt = null;
      picture.worst = 0;
      picture.longestGapMs = 0;
      picture.lastFrameAt = performance.now();
    },
  };
  const next = () => video.requestVideoFrameCallback((now) => void look(now));
  const look = async (now: number) => {
    next();
    const data = await sample(video);
    let far = 0;
    for (let i = 0; i < data.length; i += 4) {
      for (let channel = 0; channel < 3; channel += 1) {
        far = Math.max(far, Math.abs((data[i + channel] ?? 0) - (CURTAIN_COLOUR[channel] ?? 0)));
      }
    }
    picture.longestGapMs = Math.max(picture.longestGapMs, now - picture.lastFrameAt);
    picture.lastFrameAt = now;
    if (far > TOLERANCE) {
      picture.camera += 1;
      picture.firstCameraAt ??= now;
    } else {
      picture.curtain += 1;
      picture.worst = Math.max(picture.worst, far);
    }
  };
  next();
  return picture;
}
