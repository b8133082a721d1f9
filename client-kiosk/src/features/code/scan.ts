import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

// The reader's own default would fetch its code from elsewhere.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

/** Between two looks (ms): a person holds a code still for a second at least. */
const LOOK_MS = 150;
/** Wide enough for a code a hand's breadth large, small enough to be read in a few milliseconds (pixels). */
const WIDTH = 960;

/** Looks at a camera's picture until `stop`, and tells every QR code's text that it reads. */
export function watchCodes(track: MediaStreamTrack, found: (text: string) => void): () => void {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  void video.play().catch(() => undefined);
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look() {
    if (pen && video.videoWidth > 0) {
      const scale = Math.min(1, WIDTH / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
      const codes = await readBarcodes(picture, { formats: ['QRCode'], maxNumberOfSymbols: 1 }).catch(() => []);
      for (const { text } of codes) if (!stopped) found(text);
    }
    if (!stopped) timer = setTimeout(() => void look(), LOOK_MS);
  }
  void look();

  return () => {
    stopped = true;
    clearTimeout(timer);
    video.srcObject = null;
  };
}
