import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { createDecoder, isPicture, type Decoder } from './decoder.ts';

let decoder: Decoder | undefined;
afterEach(() => decoder?.close());
const start = () => (decoder = createDecoder());

const picture = (format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff') =>
  sharp({ create: { width: 40, height: 30, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } } })
    .toFormat(format)
    .toBuffer();

test('a picture is known by its first bytes', async () => {
  for (const format of ['jpeg', 'png', 'webp'] as const) expect(isPicture(await picture(format))).toBe(true);
  for (const format of ['gif', 'tiff'] as const) expect(isPicture(await picture(format))).toBe(false);
  for (const bytes of ['', 'RIFF', '%PDF-1.7', '<svg', 'RIFF1234WAVE'])
    expect(isPicture(Buffer.from(bytes))).toBe(false);
});

test.for(['jpeg', 'png', 'webp'] as const)('%s comes out as a JPEG of the same size', async (format) => {
  const { jpeg, width, height } = await start().decode(await picture(format));
  expect([width, height]).toEqual([40, 30]);
  expect((await sharp(jpeg).metadata()).format).toBe('jpeg');
});

test('a picture that its camera held upright comes out upright, without saying so', async () => {
  const bytes = await sharp(await picture('jpeg'))
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const { jpeg, width, height } = await start().decode(bytes);
  expect([width, height]).toEqual([30, 40]);
  expect((await sharp(jpeg).metadata()).orientation).toBeUndefined();
});

test('what is no picture is refused without asking the decoder, what is broken by it, and it goes on', async () => {
  const { decode } = start();
  const good = await picture('png');
  await expect(decode(Buffer.from('text'))).rejects.toMatchObject({ code: 'not-an-image' });
  await expect(decode(good.subarray(0, 40))).rejects.toMatchObject({ code: 'unreadable-image' });
  expect((await decode(good)).width).toBe(40);
});

test('ten at once all come out, each its own', async () => {
  const { decode } = start();
  const sizes = Array.from({ length: 10 }, (_, i) => 10 + i);
  const bytes = await Promise.all(
    sizes.map((width) =>
      sharp({ create: { width, height: 5, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    ),
  );
  expect((await Promise.all(bytes.map(decode))).map(({ width }) => width)).toEqual(sizes);
});

test('closing twice, or before anything was decoded, is no error', async () => {
  const one = start();
  one.close();
  one.close();
  expect((await one.decode(await picture('png'))).width).toBe(40);
});
