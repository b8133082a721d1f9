import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { MAX_PAGES, type Corners, type MaskedArea } from '@openvtm/protocol';
import sharp, { type Sharp } from 'sharp';
import { fileKind } from './file-kind.ts';
import { drawOver } from './draw-over.ts';
import { straighten } from './straighten.ts';

/** The most that a picture may have, in pixels; 40 megapixels is more than any document camera gives. */
const MAX_PIXELS = 40_000_000;
/** A page of a PDF is drawn like a scan: 200 points an inch, and of an enormous page no more than ten megapixels. */
const PDF_SCALE = 200 / 72;
const PDF_MOST_PIXELS = 10_000_000;
const QUALITY = 90;
const THUMBNAIL = { width: 320, height: 320, quality: 70 };
/** PDFium's own number for "a password is needed". */
const PDF_PASSWORD = 4;

export type Encoded = { jpeg: Uint8Array; width: number; height: number };
/** A page as it was taken and, where its corners were known, straightened. */
export type DecodedPage = { taken: Encoded; straight: Encoded | null; thumbnail: Uint8Array };

/** One file, each of whose pages is sent when the one before has been taken (`next`); or a stored page to be drawn over. */
export type DecodeAsk = { at: 'file'; bytes: Uint8Array; corners: Corners | null } | DrawAsk | { at: 'next' };
type DrawAsk = { at: 'draw'; jpeg: Uint8Array; masks: MaskedArea[]; stamp: string | null };
export type DecodeAnswer =
  | ({ at: 'page' } & DecodedPage)
  | { at: 'done' }
  | { at: 'drawn'; jpeg: Uint8Array }
  | { at: 'failed'; code: 'unreadable-image' | 'locked-file' | 'too-many-pages'; why: string };

sharp.cache(false);
sharp.concurrency(2);

/** The page before was taken. */
let goOn = () => {};
// Decoding somebody else's bytes happens here, in a process that holds nothing and that may die.
process.on('message', (ask: DecodeAsk) => {
  if (ask.at === 'next') goOn();
  else if (ask.at === 'draw') void draw(ask);
  else void decode(ask);
});
process.on('disconnect', () => process.exit(0));
const tell = (answer: DecodeAnswer) => void process.send?.(answer);

class Unusable extends Error {
  readonly code: 'locked-file' | 'too-many-pages';
  constructor(code: 'locked-file' | 'too-many-pages', message: string) {
    super(message);
    this.code = code;
  }
}

async function decode({ bytes, corners }: Extract<DecodeAsk, { at: 'file' }>): Promise<void> {
  try {
    if (fileKind(bytes) === 'pdf') await decodePdf(bytes);
    else tell({ at: 'page', ...(await decodePicture(bytes, corners)) });
    tell({ at: 'done' });
  } catch (error) {
    const code = error instanceof Unusable ? error.code : 'unreadable-image';
    tell({ at: 'failed', code, why: (error as Error).message });
  }
}

async function draw({ jpeg, masks, stamp }: DrawAsk): Promise<void> {
  try {
    const image = sharp(jpeg, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
    tell({ at: 'drawn', jpeg: (await encode(await drawOver(image, { masks, stamp }))).jpeg });
  } catch (error) {
    tell({ at: 'failed', code: 'unreadable-image', why: (error as Error).message });
  }
}

/**
 * Encoded anew from the pixels, without metadata: what was hidden in the file does not come along. With the standard's
 * own code tables a file is a twentieth larger and there in a fifth of the time.
 */
async function encode(image: Sharp): Promise<Encoded> {
  const { data, info } = await image
    .jpeg({ quality: QUALITY, optimiseCoding: false })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: data, width: info.width, height: info.height };
}

const thumbnailOf = (image: Sharp): Promise<Uint8Array> =>
  image
    .resize({ width: THUMBNAIL.width, height: THUMBNAIL.height, fit: 'inside' })
    .jpeg({ quality: THUMBNAIL.quality })
    .toBuffer();

async function decodePicture(bytes: Uint8Array, corners: Corners | null): Promise<DecodedPage> {
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`decoded into ${info.channels} channels`);
  const rawOf = ({ width, height }: { width: number; height: number }) =>
    ({ raw: { width, height, channels: 3 }, limitInputPixels: MAX_PIXELS }) as const;
  const flat = corners && straighten({ data, width: info.width, height: info.height }, corners);
  const best = flat ?? { data, width: info.width, height: info.height };
  const [taken, straight, thumbnail] = await Promise.all([
    encode(sharp(data, rawOf(info))),
    flat && encode(sharp(flat.data, rawOf(flat))),
    thumbnailOf(sharp(best.data, rawOf(best))),
  ]);
  return { taken, straight, thumbnail };
}

let pdfium: Promise<PDFiumLibrary> | undefined;
/** PDFium as WebAssembly, built without an engine for scripts; attachments and links are never looked at. */
async function loadPdfium(): Promise<PDFiumLibrary> {
  const file = fileURLToPath(import.meta.resolve('@hyzyla/pdfium/pdfium.wasm'));
  const wasm = await readFile(file);
  return PDFiumLibrary.init({ wasmBinary: new Uint8Array(wasm).buffer });
}

async function decodePdf(bytes: Uint8Array): Promise<void> {
  pdfium ??= loadPdfium();
  const library = await pdfium;
  const document = await library.loadDocument(bytes).catch((error: unknown) => {
    throw isLocked(error) ? new Unusable('locked-file', 'a password is needed') : error;
  });
  try {
    const count = document.getPageCount();
    if (count > MAX_PAGES) throw new Unusable('too-many-pages', `${count} pages, at most ${MAX_PAGES}`);
    if (count === 0) throw new Error('no page');
    for (let i = 0; i < count; i += 1) {
      const taken = await drawPage(document.getPage(i));
      const thumbnail = await thumbnailOf(sharp(taken.jpeg));
      const wanted = new Promise<void>((resolve) => (goOn = resolve));
      tell({ at: 'page', taken, straight: null, thumbnail });
      await wanted;
    }
  } finally {
    document.destroy();
  }
}

const isLocked = (error: unknown) =>
  error instanceof Error && (('code' in error && error.code === PDF_PASSWORD) || /password/i.test(error.message));

async function drawPage(
  page: ReturnType<Awaited<ReturnType<PDFiumLibrary['loadDocument']>>['getPage']>,
): Promise<Encoded> {
  const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
  if (!(width > 0 && height > 0)) throw new Error('a page without a size');
  const scale = Math.min(PDF_SCALE, Math.sqrt(PDF_MOST_PIXELS / (width * height)));
  const drawn = await page.render({ scale, render: 'bitmap' });
  return encode(
    sharp(drawn.data, { raw: { width: drawn.width, height: drawn.height, channels: 4 }, limitInputPixels: MAX_PIXELS })
      .flatten({ background: '#ffffff' })
      .removeAlpha(),
  );
}
