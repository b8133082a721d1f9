const JPEG_QUALITY = 0.92;
// Some drivers never answer takePhoto; a teller will not wait longer than this for the plain frame instead.
const PHOTO_TIMEOUT_MS = 3_000;

type Photographer = { takePhoto(): Promise<Blob> };
declare const ImageCapture: { new (track: MediaStreamTrack): Photographer } | undefined;

/**
 * A still of a live camera track as JPEG (quality 0.92), at the camera's own best resolution: the driver's photo where
 * there is one that is at least as large as the track's frames, else the current frame. Rejects if the track has ended.
 */
export async function takeStill(track: MediaStreamTrack): Promise<Blob> {
  const photo = await takePhoto(track);
  if (photo !== null && photo.width >= (track.getSettings().width ?? 0)) return encode(photo);
  photo?.close();
  return encode(await currentFrame(track));
}

async function takePhoto(track: MediaStreamTrack): Promise<ImageBitmap | null> {
  if (typeof ImageCapture === 'undefined') return null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PHOTO_TIMEOUT_MS);
  });
  try {
    const blob = await Promise.race([new ImageCapture(track).takePhoto(), tooLong]);
    return blob === null ? null : await createImageBitmap(blob);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
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
