import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { pdf } from './pdf.fixture.ts';
import { createDecoder, type DecodedPage, type Decoder } from './decoder.ts';

let decoder: Decoder | undefined;
afterEach(() => decoder?.close());
const start = () => {
  const made = (decoder = createDecoder());
  return {
    close: () => made.close(),
    async pages(bytes: Uint8Array, corners: Parameters<Decoder['decode']>[0]['corners'] = null) {
      const pages: DecodedPage[] = [];
      await made.decode({ bytes, corners }, async (page) => void pages.push(page));
      return pages;
    },
    async taken(bytes: Uint8Array) {
      const [page] = await this.pages(bytes);
      if (!page) throw new Error('no page');
      return page.taken;
    },
  };
};

const picture = (format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff') =>
  sharp({ create: { width: 40, height: 30, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } } })
    .toFormat(format)
    .toBuffer();

test.for(['jpeg', 'png', 'webp'] as const)('%s comes out as a JPEG of the same size', async (format) => {
  const { jpeg, width, height } = await start().taken(await picture(format));
  expect([width, height]).toEqual([40, 30]);
  expect((await sharp(jpeg).metadata()).format).toBe('jpeg');
});

test('a picture that its camera held upright comes out upright, without saying so', async () => {
  const bytes = await sharp(await picture('jpeg'))
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const { jpeg, width, height } = await start().taken(bytes);
  expect([width, height]).toEqual([30, 40]);
  expect((await sharp(jpeg).metadata()).orientation).toBeUndefined();
});

test('a grey picture, and one with colours of print, come out too', async () => {
  const made = start();
  const grey = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#777777' } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  expect((await made.taken(grey)).width).toBe(20);
  const print = await sharp(grey).toColourspace('cmyk').jpeg().toBuffer();
  expect((await made.taken(print)).width).toBe(20);
});

test('between its corners a page comes out straight, beside the picture as it was taken and a thumbnail', async () => {
  // A blue page in the middle of a red table.
  const table = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#c00000' } })
    .composite([
      { input: { create: { width: 400, height: 300, channels: 3, background: '#0000c0' } }, left: 200, top: 150 },
    ])
    .png()
    .toBuffer();
  const corners = [
    { x: 0.25, y: 0.25 },
    { x: 0.75, y: 0.25 },
    { x: 0.75, y: 0.75 },
    { x: 0.25, y: 0.75 },
  ] as const;
  const [page] = await start().pages(table, [...corners]);
  expect([page?.taken.width, page?.taken.height]).toEqual([800, 600]);
  expect([page?.straight?.width, page?.straight?.height]).toEqual([400, 300]);
  const { channels } = await sharp(page?.straight?.jpeg).stats();
  expect(channels.map(({ mean }) => Math.round(mean / 32))).toEqual([0, 0, 6]);
  const thumbnail = await sharp(page?.thumbnail).metadata();
  expect([thumbnail.width, thumbnail.height]).toEqual([320, 240]);
});

test('a PDF comes out page by page, drawn like a scan, and no further than its pages are taken', async () => {
  const pages = await start().pages(pdf({ pages: 3 }));
  expect(pages).toHaveLength(3);
  // A4 at 200 dots an inch.
  expect(pages.map(({ taken }) => [taken.width, taken.height])).toEqual(Array.from({ length: 3 }, () => [1652, 2338]));
  const { channels } = await sharp(pages[0]?.taken.jpeg).stats();
  expect(channels[0]?.min).toBeLessThan(60);
});

test('of an enormous page no more than ten megapixels are drawn', async () => {
  const [page] = await start().pages(pdf({ pages: 1, width: 14_400, height: 14_400 }));
  expect((page?.taken.width ?? 0) * (page?.taken.height ?? 0)).toBeLessThanOrEqual(10_000_000);
});

test('a PDF that runs scripts or carries files comes out as its pages alone', async () => {
  const [page] = await start().pages(
    pdf({ pages: 1, script: 'app.alert("run"); this.exportDataObject("a.exe")', attachment: 'MZ' }),
  );
  expect(Buffer.from(page?.taken.jpeg ?? []).includes('app.alert')).toBe(false);
});

test('a PDF with a password is refused as that', async () => {
  await expect(start().pages(pdf({ pages: 1, locked: true }))).rejects.toMatchObject({ code: 'locked-file' });
});

test('more pages than may be are refused, all of them', async () => {
  await expect(start().pages(pdf({ pages: 101 }))).rejects.toMatchObject({ code: 'too-many-pages' });
});

test('what is no picture is refused without asking the decoder, what is broken by it, and it goes on', async () => {
  const made = start();
  const { pages } = made;
  const good = await picture('png');
  await expect(pages(Buffer.from('text'))).rejects.toMatchObject({ code: 'not-an-image' });
  await expect(pages(good.subarray(0, 40))).rejects.toMatchObject({ code: 'unreadable-image' });
  expect((await made.taken(good)).width).toBe(40);
});

test('ten at once all come out, each its own', async () => {
  const made = start();
  const sizes = Array.from({ length: 10 }, (_, i) => 10 + i);
  const bytes = await Promise.all(
    sizes.map((width) =>
      sharp({ create: { width, height: 5, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    ),
  );
  expect((await Promise.all(bytes.map((one) => made.taken(one)))).map(({ width }) => width)).toEqual(sizes);
});

test('when its page cannot be kept, the file fails with that, and the next one is decoded', async () => {
  const made = createDecoder();
  decoder = made;
  const bytes = await picture('png');
  const full = new Error('no room');
  await expect(made.decode({ bytes, corners: null }, () => Promise.reject(full))).rejects.toBe(full);
  await made.decode({ bytes, corners: null }, async ({ taken }) => expect(taken.width).toBe(40));
});

test('closing twice, or before anything was decoded, is no error', async () => {
  const one = start();
  one.close();
  one.close();
  expect((await one.taken(await picture('png'))).width).toBe(40);
});
