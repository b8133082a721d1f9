import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A picture with enough detail that its file is no mere header. */
async function noise(width: number, height: number): Promise<Sharp> {
  const grain = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const pixels = sharp({ create: { width, height, channels: 3, background: '#ffffff', noise: grain } });
  return sharp(await pixels.png().toBuffer());
}

/** What a camera may hide in a picture and nobody may keep. */
export const HIDDEN = 'MADE BY A CAMERA AT HOME';

export async function jpeg({ width = 320, height = 200 } = {}): Promise<Buffer> {
  const picture = await noise(width, height);
  return picture
    .withExif({ IFD0: { ImageDescription: HIDDEN } })
    .jpeg({ quality: 80 })
    .toBuffer();
}

export const png = async (): Promise<Buffer> => (await noise(64, 48)).png().toBuffer();
export const webp = async (): Promise<Buffer> => (await noise(64, 48)).webp().toBuffer();
export const gif = async (): Promise<Buffer> => (await noise(64, 48)).gif().toBuffer();
export const tiff = async (): Promise<Buffer> => (await noise(64, 48)).tiff().toBuffer();

/** A PNG of a few kilobytes that says it has this many pixels, each row of them really there: a decompression bomb. */
export function bomb(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // One bit a pixel, grey.
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** Pixels of the picture that an answer brings. */
export async function sizeOf(answer: Response): Promise<number[]> {
  const { width, height } = await sharp(Buffer.from(await answer.clone().arrayBuffer())).metadata();
  return [width, height];
}
/** The pixels of a part of the picture that an answer brings, three bytes each. */
export async function pixelsIn(
  answer: Response,
  area: { left: number; top: number; width: number; height: number },
): Promise<Buffer> {
  return sharp(Buffer.from(await answer.clone().arrayBuffer()))
    .extract(area)
    .removeAlpha()
    .raw()
    .toBuffer();
}
