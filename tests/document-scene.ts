import { projected, projectionOf, type Corners, type Point } from '@openvtm/protocol';
import sharp, { type Sharp } from 'sharp';
import type { Grey } from '../client-kiosk/src/features/documents/guide/grey.ts';

/** A page on a table, as a document camera sees it. */
export type Scene = {
  width?: number;
  height?: number;
  /** In shares of the picture. */
  corners?: Corners;
  /** Colours, as in SVG. */
  table?: string;
  paper?: string;
  /** Pixels by which it is out of focus. */
  blur?: number;
  /** 1: as it is; below: darker. */
  light?: number;
  /** A lamp's reflex upon the page. */
  reflex?: boolean;
  /** Grain of the table, of 255: wood, cloth. */
  grain?: number;
  /** No page at all. */
  empty?: boolean;
};

/** A card as it lies when nobody took care, turned and seen a little from the side. */
export const ASKEW: Corners = [
  { x: 0.22, y: 0.2 },
  { x: 0.79, y: 0.16 },
  { x: 0.82, y: 0.78 },
  { x: 0.18, y: 0.74 },
];
const LINES = 14;

/** The scene as a picture of red, green and blue. */
export async function drawScene(scene: Scene = {}): Promise<Sharp> {
  const { width = 1280, height = 960, corners = ASKEW, table = '#4a4038', paper = '#dcdcd4' } = scene;
  const { blur = 0, light = 1, reflex = false, grain = 0, empty = false } = scene;
  const there = projectionOf(corners);
  const dot = (point: Point) => {
    const { x, y } = projected(there, point);
    return `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`;
  };
  const box = (fill: string, [left, top, right, bottom]: [number, number, number, number]) =>
    `<polygon fill="${fill}" points="${[
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ]
      .map(dot)
      .join(' ')}"/>`;
  // Print: lines of words of uneven length, and a photo.
  const words = Array.from({ length: LINES }, (_, line) =>
    Array.from({ length: 22 }, (_unused, word) => {
      const left = 0.06 + word * 0.025;
      const top = 0.1 + line * 0.06;
      return (line * 7 + word * 5) % 4 === 0 ? '' : box('#26262c', [left, top, left + 0.017, top + 0.026]);
    }).join(''),
  ).join('');
  const page = empty ? '' : box(paper, [0, 0, 1, 1]) + box('#6d7f8e', [0.68, 0.14, 0.92, 0.62]) + words;
  const { x, y } = projected(there, { x: 0.4, y: 0.4 });
  const lamp = reflex
    ? `<ellipse cx="${x * width}" cy="${y * height}" rx="${width * 0.08}" ry="${height * 0.06}" fill="#fff"/>`
    : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="${table}"/>${page}${lamp}</svg>`;
  let picture = sharp(Buffer.from(svg)).removeAlpha();
  if (grain > 0) {
    const noise = { type: 'gaussian', mean: 128, sigma: grain } as const;
    const cloth = await sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
      .blur(1.2)
      .png()
      .toBuffer();
    picture = sharp(await picture.png().toBuffer()).composite([{ input: cloth, blend: 'soft-light' }]);
  }
  if (blur > 0) picture = sharp(await picture.png().toBuffer()).blur(blur);
  if (light !== 1) picture = sharp(await picture.png().toBuffer()).linear(light, 0);
  return picture;
}

/** The scene's brightness, as the guide sees it. */
export async function greyScene(scene: Scene = {}): Promise<Grey> {
  const { data, info } = await (await drawScene(scene)).greyscale().raw().toBuffer({ resolveWithObject: true });
  const grey = new Uint8Array(info.width * info.height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = data[i * info.channels] ?? 0;
  return { data: grey, width: info.width, height: info.height, stride: info.width };
}
