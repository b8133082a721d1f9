import sharp from 'sharp';
import { expect, test } from 'vitest';
import { fileKind } from './file-kind.ts';

const picture = (format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff') =>
  sharp({ create: { width: 4, height: 3, channels: 3, background: 'red' } })
    .toFormat(format)
    .toBuffer();

test('a file is known by its first bytes', async () => {
  for (const format of ['jpeg', 'png', 'webp'] as const) expect(fileKind(await picture(format))).toBe('picture');
  for (const format of ['gif', 'tiff'] as const) expect(fileKind(await picture(format))).toBeNull();
  expect(fileKind(Buffer.from('%PDF-1.7'))).toBe('pdf');
  for (const bytes of ['', 'RIFF', ' %PDF-1.7', '%PDF', '<svg', 'RIFF1234WAVE', 'GIF89a'])
    expect(fileKind(Buffer.from(bytes))).toBeNull();
});
