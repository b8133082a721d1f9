import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { drawOver, pixelsOf } from './draw-over.ts';

/** A page of noise, on which every pixel tells whether it was touched. */
const page = (width = 600, height = 400) =>
  sharp({
    create: { width, height, channels: 3, background: '#fff', noise: { type: 'gaussian', mean: 160, sigma: 40 } },
  })
    .png()
    .toBuffer();
const rawOf = async (image: Sharp, area: { left: number; top: number; width: number; height: number }) =>
  sharp(await image.png().toBuffer())
    .removeAlpha()
    .extract(area)
    .raw()
    .toBuffer();

test('covered areas have one colour in every pixel, whatever lay there, also under a stamp', async () => {
  const png = await page();
  const masks = [{ x: 1000, y: 2500, width: 3000, height: 2500 }];
  const area = { left: 60, top: 100, width: 180, height: 100 };
  const covered = await rawOf(await drawOver(sharp(png), { masks, stamp: null }), area);
  expect(
    new Set(Array.from({ length: covered.length / 3 }, (_, i) => covered.subarray(3 * i, 3 * i + 3).join())).size,
  ).toBe(1);
  // The same cover over another page gives the same pixels: nothing of the page is in them.
  const masked = (bytes: Buffer) => drawOver(sharp(bytes), { masks, stamp: '李娜 li.na' });
  const other = await page();
  expect(await rawOf(await masked(png), area)).toEqual(await rawOf(await masked(other), area));
  const beside = { ...area, left: 300 };
  expect(await rawOf(await drawOver(sharp(png), { masks, stamp: null }), beside)).toEqual(
    await rawOf(sharp(png), beside),
  );
});

test('areas are grown to whole pixels and stay on the page', () => {
  expect(pixelsOf({ x: 15, y: 15, width: 10, height: 10 }, { width: 1000, height: 100 })).toEqual({
    left: 1,
    top: 0,
    width: 2,
    height: 1,
  });
  expect(pixelsOf({ x: 0, y: 9999, width: 10_000, height: 1 }, { width: 333, height: 777 })).toEqual({
    left: 0,
    top: 776,
    width: 333,
    height: 1,
  });
});

test('the stamp is in every quarter of the page, on dark and on light paper, and says who', async () => {
  for (const background of ['#ffffff', '#101010']) {
    const plain = await sharp({ create: { width: 1200, height: 900, channels: 3, background } })
      .png()
      .toBuffer();
    const stamped = await drawOver(sharp(plain), { masks: [], stamp: 'li.na 2026-11-26 10:02 UTC' });
    for (const [left, top] of [
      [0, 0],
      [600, 0],
      [0, 450],
      [600, 450],
    ] as const) {
      const pixels = await rawOf(stamped, { left, top, width: 600, height: 450 });
      const ground = background === '#ffffff' ? 255 : 16;
      expect(pixels.filter((one) => Math.abs(one - ground) > 20).length / pixels.length).toBeGreaterThan(0.01);
    }
  }
  const other = await drawOver(sharp(await page()), { masks: [], stamp: '<b>& "x"</b>' });
  expect((await other.metadata()).width).toBe(600);
});

test('a page smaller than the words is stamped too', async () => {
  const tiny = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const { info } = await (
    await drawOver(sharp(tiny), { masks: [], stamp: 'a long name indeed, and the time' })
  )
    .jpeg()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([40, 30]);
});
