import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { by, openPage, type Watched } from './browser.ts';

export type Phone = Watched;

/** A customer's phone on its first screen. */
export async function openPhone(browser: Browser, url: string, path = '/phone/'): Promise<Phone> {
  const phone = await openPage(browser, { url: `${url}${path}`, width: 390, height: 844, touch: true });
  if (path === '/phone/') await by(phone.page, 'start').waitFor();
  return phone;
}

/** The QR picture on a phone's screen, held before a camera: a file that Chromium plays as one. */
export async function filmQr({ page }: Phone, file: string): Promise<string> {
  await page.locator('[data-testid="qr"][data-drawn="true"]').waitFor();
  const code = await sharp(await by(page, 'qr').screenshot())
    .resize(420, 420)
    .toBuffer();
  const background = { r: 120, g: 116, b: 110 };
  const frame = await sharp({ create: { width: 1280, height: 720, channels: 3, background } })
    .composite([{ input: code, left: 420, top: 140 }])
    .jpeg({ quality: 85 })
    .toBuffer();
  await writeFile(file, Buffer.concat(Array.from({ length: 10 }, () => frame)));
  return file;
}

/** What a phone's camera reads from the QR picture on a screen. */
export async function readQr({ page }: Watched): Promise<string> {
  await page.locator('[data-testid="qr"][data-drawn="true"]').waitFor();
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const { buffer } = Uint8Array.from(await readFile(wasm));
  prepareZXingModule({ overrides: { wasmBinary: buffer } });
  const [found] = await readBarcodes(new Uint8Array(await by(page, 'qr').screenshot()), { formats: ['QRCode'] });
  if (!found) throw new Error('no QR picture can be read');
  return found.text;
}
