import { randomBytes } from 'node:crypto';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { pdf } from '../../../server/src/modules/documents/pdf.fixture.ts';
import { bomb, gif, jpeg, png, tiff, webp } from './pictures.ts';

/** What each of them would bring in; nothing that is kept may have it. */
export const PAYLOAD = 'HOSTILE-PAYLOAD-7f3a';
const SCRIPT = `<script>alert("${PAYLOAD}")</script>`;

/** `anew`: its pixels may be kept, encoded anew; `refused`: nothing of it. */
export type HostileFile = { name: string; bytes: Buffer; ends: 'refused' | 'anew' };

const text = (...parts: string[]) => Buffer.from(parts.join('\n'), 'latin1');
const padded = (head: number[] | string, size = 4_000) =>
  Buffer.concat([
    typeof head === 'string' ? Buffer.from(head, 'latin1') : Buffer.from(head),
    Buffer.from(PAYLOAD),
    randomBytes(size),
  ]);

/** A JPEG with a segment of its own after the first marker. */
const withSegment = (picture: Buffer, marker: number, content: string) => {
  const body = Buffer.from(content, 'latin1');
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([picture.subarray(0, 2), head, body, picture.subarray(2)]);
};

/** A PNG with a chunk of its own after the header. */
const withChunk = (picture: Buffer, type: string, content: Buffer) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  // Eight bytes of signature, 25 of header.
  return Buffer.concat([picture.subarray(0, 33), size, body, check, picture.subarray(33)]);
};

const patched = (picture: Buffer, at: number, bytes: number[]) => {
  const copy = Buffer.from(picture);
  copy.set(bytes, at);
  return copy;
};

/** A PDF out of whole objects, without a table of where they are: readers look for them. */
const looseDocument = (...objects: (string | Buffer)[]) =>
  Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    ...objects.flatMap((body, i) => [
      Buffer.from(`${i + 1} 0 obj\n`),
      Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1'),
      Buffer.from('\nendobj\n'),
    ]),
    Buffer.from('trailer << /Root 1 0 R >>\n%%EOF\n'),
  ]);
const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';
const PAGES = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const PAGE = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>';

/** A stream of a gigabyte of drawing that is a megabyte in the file. */
function inflating(): Buffer {
  const squeezed = deflateSync(Buffer.alloc(64 * 1024 * 1024, '0 0 m 9 9 l S '), { level: 9 });
  return Buffer.concat([
    Buffer.from(`<< /Filter /FlateDecode /Length ${squeezed.length} >>\nstream\n`),
    squeezed,
    Buffer.from('\nendstream'),
  ]);
}

/** Files that somebody would send to do harm, or that are broken. */
export async function hostileFiles(): Promise<HostileFile[]> {
  const [aJpeg, aPng, aWebp] = await Promise.all([jpeg({ width: 640, height: 480 }), png(), webp()]);
  const big = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#808080' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
  const [most, tooMany] = await Promise.all([big(8_000, 4_990), big(8_000, 5_100)]);
  const frames = await sharp(
    [aPng, aPng].map((input) => input),
    { join: { animated: true } },
  )
    .webp()
    .toBuffer();
  const files: Record<HostileFile['ends'], Record<string, Buffer>> = {
    refused: {
      'one byte': Buffer.from([0xff]),
      'a text': text(PAYLOAD),
      'a web page': text('<!doctype html>', SCRIPT),
      'an SVG with a script': text('<svg xmlns="http://www.w3.org/2000/svg">', SCRIPT, '</svg>'),
      'an SVG that names files': text(
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        `<svg xmlns="http://www.w3.org/2000/svg"><text>&x; ${PAYLOAD}</text></svg>`,
      ),
      'an SVG that grows': text(
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<svg>&b;</svg>',
      ),
      'a shell script': text('#!/bin/sh', `echo ${PAYLOAD}`),
      'a program for Linux': padded('\x7fELF'),
      'a program for Windows': padded('MZ'),
      'an archive': padded('PK\x03\x04'),
      'a squeezed file': gzipSync(Buffer.alloc(8_000_000, PAYLOAD)),
      'a GIF': await gif(),
      'a TIFF': await tiff(),
      'a bitmap': padded('BM'),
      'a HEIC': padded('\0\0\0\x18ftypheic'),
      'an AVIF': padded('\0\0\0\x1cftypavif'),
      'a sound in a WebP container': padded('RIFF\x10\0\0\0WAVEfmt '),
      'a JPEG of a head alone': padded([0xff, 0xd8, 0xff, 0xe0]),
      'a JPEG cut short': aJpeg.subarray(0, Math.floor(aJpeg.length / 3)),
      'a PNG cut short': aPng.subarray(0, Math.floor(aPng.length / 2)),
      'a WebP cut short': aWebp.subarray(0, Math.floor(aWebp.length / 2)),
      'a PNG whose check sums are wrong': patched(aPng, 29, [1, 2, 3, 4]),
      'a PNG that says it is enormous': patched(aPng, 16, [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]),
      'a PNG of 625 megapixels in kilobytes': bomb(25_000),
      'a PNG of 41 megapixels': tooMany,
      'a PNG of no pixel': patched(aPng, 16, [0, 0, 0, 0, 0, 0, 0, 0]),
      'a PDF of a head alone': text('%PDF-1.7', PAYLOAD),
      'a PDF cut short': pdf({ pages: 3 }).subarray(0, 300),
      'a PDF with a password': pdf({ pages: 1, locked: true }),
      'a PDF of 101 pages': pdf({ pages: 101 }),
      'a PDF whose pages are inside themselves': looseDocument(CATALOGUE, '<< /Type /Pages /Kids [2 0 R] /Count 9 >>'),
      'a PDF with a picture of another kind in front': Buffer.concat([Buffer.from('GIF89a'), pdf({ pages: 1 })]),
    },
    anew: {
      'a JPEG with a script in its comment': withSegment(aJpeg, 0xfe, SCRIPT),
      'a JPEG with a path for a name': withSegment(aJpeg, 0xfe, `../../../etc/cron.d/${PAYLOAD}`),
      'a JPEG with an archive behind': Buffer.concat([aJpeg, padded('PK\x03\x04')]),
      'a JPEG with a program behind': Buffer.concat([aJpeg, text(`<?php echo "${PAYLOAD}"; ?>`)]),
      'a JPEG that is a PDF too': Buffer.concat([aJpeg, pdf({ pages: 1, script: PAYLOAD })]),
      'a JPEG with a profile that is none': withSegment(aJpeg, 0xe2, `ICC_PROFILE\0\x01\x01${PAYLOAD}`),
      'a PNG with a script in its text': withChunk(aPng, 'tEXt', Buffer.from(`Title\0${SCRIPT}`)),
      'a PNG with text that grows': withChunk(
        aPng,
        'zTXt',
        Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(30_000_000, PAYLOAD))]),
      ),
      'a PNG with a web page behind': Buffer.concat([aPng, text(SCRIPT)]),
      'a WebP of two pictures': frames,
      'a PNG of nearly 40 megapixels': most,
      'a PDF that runs a script': pdf({ pages: 1, script: `app.alert("${PAYLOAD}")` }),
      'a PDF with a program inside': pdf({ pages: 1, attachment: `MZ${PAYLOAD}` }),
      'a PDF of one enormous page': pdf({ pages: 1, width: 14_400, height: 14_400 }),
    },
  };
  const slow = looseDocument(CATALOGUE, PAGES, PAGE, inflating());
  return [
    ...Object.entries(files).flatMap(([ends, byName]) =>
      Object.entries(byName).map(([name, bytes]) => ({ name, bytes, ends: ends as HostileFile['ends'] })),
    ),
    { name: 'a PDF whose drawing grows', bytes: slow, ends: 'refused' },
  ];
}
