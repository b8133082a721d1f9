import { fileURLToPath } from 'node:url';
import type { MaskedArea } from '@openvtm/protocol';
import sharp, { type Sharp } from 'sharp';

/** Letters that are there whatever fonts the machine has; others come from the machine where it has them. */
const FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
/** Covered areas are one flat colour, so that nothing of what lay there can be told from it. */
const COVER = [30, 41, 48] as const;
/** Shares of the page's shorter side: high enough to read on a photograph of the screen, thin enough to read the page. */
const LETTER_SHARE = 1 / 36;
const LEAST_LETTER = 11;
const TURN = -24;
/** Dark on light and light on dark: seen on any paper. */
const INK = { light: '#ffffff', dark: '#8a1c1c', alpha: '36%' };

const escaped = (text: string) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

/** Areas, in ten-thousandths of the page, as whole pixels of it; grown outwards, so that no edge is left. */
export function pixelsOf(area: MaskedArea, page: Size) {
  const left = Math.floor((area.x * page.width) / 10_000);
  const top = Math.floor((area.y * page.height) / 10_000);
  const right = Math.min(page.width, Math.ceil(((area.x + area.width) * page.width) / 10_000));
  const bottom = Math.min(page.height, Math.ceil(((area.y + area.height) * page.height) / 10_000));
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/**
 * A stored page with areas covered and `stamp` written over all of it. The picture that is given stays as it is. The
 * pixels are changed where they lie: blending whole layers takes ten times as long, and an agent waits for it.
 */
export async function drawOver(
  image: Sharp,
  { masks, stamp }: { masks: MaskedArea[]; stamp: string | null },
): Promise<Sharp> {
  const { data, info } = await image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const page = { width: info.width, height: info.height };
  if (info.channels !== 3) throw new Error(`decoded into ${info.channels} channels`);
  for (const area of masks) cover(data, { page, area });
  if (stamp) ink(data, { page, tile: await tileOf(stamp, page) });
  return sharp(data, { raw: { ...page, channels: 3 } });
}

type Size = { width: number; height: number };
/** Red, green, blue and alpha of each pixel, row by row. */
type Tile = Size & { data: Uint8Array };

function cover(data: Uint8Array, { page, area }: { page: Size; area: MaskedArea }): void {
  const { left, top, width, height } = pixelsOf(area, page);
  for (let y = top; y < top + height; y += 1)
    for (let x = left; x < left + width; x += 1) data.set(COVER, (y * page.width + x) * 3);
}

/** Lays the tile over the page again and again; most of it is clear, and left out. */
function ink(data: Uint8Array, { page, tile }: { page: Size; tile: Tile }): void {
  const inked: number[] = [];
  for (let i = 0; i < tile.width * tile.height; i += 1) if ((tile.data[i * 4 + 3] ?? 0) > 0) inked.push(i);
  for (let top = 0; top < page.height; top += tile.height)
    for (let left = 0; left < page.width; left += tile.width)
      for (const i of inked) {
        const x = left + (i % tile.width);
        const y = top + Math.floor(i / tile.width);
        if (x >= page.width || y >= page.height) continue;
        const to = (y * page.width + x) * 3;
        const alpha = (tile.data[i * 4 + 3] ?? 0) / 255;
        for (let channel = 0; channel < 3; channel += 1) {
          const before = data[to + channel] ?? 0;
          data[to + channel] = Math.round(before + ((tile.data[i * 4 + channel] ?? 0) - before) * alpha);
        }
      }
}

/** The stamp as a tile that repeats, so that no part of the page can be cut out without it. */
async function tileOf(stamp: string, page: Size): Promise<Tile> {
  const letter = Math.max(LEAST_LETTER, Math.round(Math.min(page.width, page.height) * LETTER_SHARE));
  const write = (colour: string) =>
    sharp({
      text: {
        text: `<span foreground="${colour}" alpha="${INK.alpha}">${escaped(stamp)}</span>`,
        font: `DejaVu Sans Bold ${letter}`,
        fontfile: FONT,
        rgba: true,
        dpi: 72,
      },
    })
      .png()
      .toBuffer({ resolveWithObject: true });
  const [light, dark] = await Promise.all([write(INK.light), write(INK.dark)]);
  const edge = Math.max(1, Math.round(letter / 14));
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const line = await sharp({
    create: {
      width: light.info.width + letter * 3 + edge,
      height: light.info.height + letter * 4 + edge,
      channels: 4,
      background: clear,
    },
  })
    .composite([
      { input: light.data, left: edge, top: edge },
      { input: dark.data, left: 0, top: 0 },
    ])
    .png()
    .toBuffer();
  const { data, info } = await sharp(line)
    .rotate(TURN, { background: clear })
    // A tile is never larger than what it lies on.
    .resize({ width: page.width, height: page.height, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
