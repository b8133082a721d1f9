const JPEG_QUALITY = 0.92;
// Some drivers never answer takePhoto; a teller will not wait longer than this for the plain frame instead.
const PHOTO_TIMEOUT_MS = 3_000;
/** More than any camera has: the driver gives what is nearest. */
const LARGEST = { width: { ideal: 8_192 }, height: { ideal: 6_144 } };

type PhotoCapabilities = { imageWidth?: { max: number }; imageHeight?: { max: number } };
type Photographer = {
  getPhotoCapabilities?(): Promise<PhotoCapabilities>;
  takePhoto(settings?: { imageWidth: number; imageHeight: number }): Promise<Blob>;
};
declare const ImageCapture: { new (track: MediaStreamTrack): Photographer } | undefined;

/**
 * A still of a live camera track as JPEG (quality 0.92), at the camera's own best resolution and not that of its
 * video: the driver's photo where there is one, else a frame for which the camera is turned up to its largest, and back.
 * Rejects if the track has ended.
 */
export async function takeStill(track: MediaStreamTrack): Promise<Blob> {
  const most = widthOf(track);
  const width = track.getSettings().width ?? 0;
  if (width > 0 && width >= most && packsFrames.has(deviceOf(track))) return encode(await currentFrame(track));
  const photo = await takePhoto(track);
  if (photo?.blob.type === 'image/png' && photo.picture.width <= width) packsFrames.add(deviceOf(track));
  if (photo !== null && photo.picture.width >= Math.max(width, most)) return asJpeg(photo);
  const frame = await largestFrame(track, most);
  if (photo === null || frame.width > photo.picture.width) {
    photo?.picture.close();
    return encode(frame);
  }
  frame.close();
  return asJpeg(photo);
}

/**
 * Cameras whose photo was a frame of their video, of the same size, packed as PNG by the browser: measured with five
 * megapixels, the packing takes 1.2 s, and the same pixels from the video 0.1 s.
 */
const packsFrames = new Set<string>();
const deviceOf = (track: MediaStreamTrack): string => track.getSettings().deviceId ?? track.id;

type Photo = { blob: Blob; picture: ImageBitmap };

/** What the camera itself made a JPEG stays as it is. */
function asJpeg({ blob, picture }: Photo): Blob | Promise<Blob> {
  if (blob.type !== 'image/jpeg') return encode(picture);
  picture.close();
  return blob;
}

/** The widest picture that the camera says it can give; 0: it says nothing. */
const widthOf = (track: MediaStreamTrack): number => track.getCapabilities?.().width?.max ?? 0;

async function takePhoto(track: MediaStreamTrack): Promise<Photo | null> {
  if (typeof ImageCapture === 'undefined') return null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PHOTO_TIMEOUT_MS);
  });
  try {
    const photographer = new ImageCapture(track);
    const able = await photographer.getPhotoCapabilities?.().catch(() => null);
    const [imageWidth, imageHeight] = [able?.imageWidth?.max, able?.imageHeight?.max];
    const settings = imageWidth && imageHeight ? { imageWidth, imageHeight } : undefined;
    const blob = await Promise.race([photographer.takePhoto(settings), tooLong]);
    return blob === null ? null : { blob, picture: await createImageBitmap(blob) };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** The current frame, with the camera turned up for it where it can do more than it does for the video. */
async function largestFrame(track: MediaStreamTrack, most: number): Promise<ImageBitmap> {
  if (most <= (track.getSettings().width ?? 0)) return currentFrame(track);
  const before = track.getConstraints();
  try {
    await track.applyConstraints({ ...before, ...LARGEST });
    return await currentFrame(track);
  } catch {
    return await currentFrame(track);
  } finally {
    await track.applyConstraints(before).catch(() => undefined);
  }
}

async function currentFrame(track: MediaStreamTrack): Promise<ImageBitmap> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  try {
    await video.play();
    return await createImageBitmap(video);
  } finally {
    video.srcObject = null;
  }
}

async function encode(picture: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  picture.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
}
