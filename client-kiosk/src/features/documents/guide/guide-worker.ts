import { greyOf, type Grey } from './grey.ts';
import { observe, type Observation } from './observe.ts';

/** One picture, or one frame of a camera, to look at; it is the worker's to close. */
export type GuideAsk = { id: number; picture: ImageBitmap | VideoFrame };
/** `seen` null: it could not be looked at. `tookMs`: the work of the look. */
export type GuideAnswer = { id: number; seen: Observation | null; tookMs: number };

globalThis.addEventListener('message', ({ data }: MessageEvent<GuideAsk>) => void look(data));

async function look({ id, picture }: GuideAsk): Promise<void> {
  const began = performance.now();
  let seen: Observation | null = null;
  try {
    seen = observe(picture instanceof ImageBitmap ? greyOfPicture(picture) : await greyOfFrame(picture));
  } catch {
    // Said by the answer.
  } finally {
    picture.close();
  }
  const answer: GuideAnswer = { id, seen, tookMs: performance.now() - began };
  globalThis.postMessage(answer);
}

let plane = new Uint8Array(0);
/** A camera's frame has its brightness as a plane of its own. */
async function greyOfFrame(frame: VideoFrame): Promise<Grey> {
  if (!frame.format || !['I420', 'NV12', 'I420A'].includes(frame.format)) return greyOfPicture(frame);
  const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
  const size = frame.allocationSize();
  if (plane.length < size) plane = new Uint8Array(size);
  const [layout] = await frame.copyTo(plane);
  return { data: plane.subarray(layout?.offset ?? 0), width, height, stride: layout?.stride ?? width };
}

/** Wide enough to judge sharpness by. */
const DRAWN = 1_600;
function greyOfPicture(picture: ImageBitmap | VideoFrame): Grey {
  const [fullWidth, fullHeight] =
    picture instanceof ImageBitmap ? [picture.width, picture.height] : [picture.displayWidth, picture.displayHeight];
  const scale = Math.min(1, DRAWN / Math.max(fullWidth, fullHeight));
  const [width, height] = [Math.round(fullWidth * scale), Math.round(fullHeight * scale)];
  const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('no canvas');
  pen.drawImage(picture, 0, 0, width, height);
  return greyOf(pen.getImageData(0, 0, width, height).data, width, height);
}
