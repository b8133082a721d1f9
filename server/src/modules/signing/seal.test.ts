import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printPaper } from './print-paper.ts';
import { openSealCertificate, type SealCertificate } from './seal-certificate.ts';
import { sealPdf } from './seal.ts';
import { verifyPdf } from './verify-pdf.ts';

let folder: string;
let certificate: SealCertificate;
let sealed: Buffer;
const LONG = '欧阳'.repeat(60);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openvtm-seal-'));
  certificate = await openSealCertificate({ folder, configured: null });
  const text = { title: '协议', sections: [{ heading: '一', paragraphs: [`甲方：${LONG}`, "O'Neil 龘"] }] };
  const { pdf } = await printPaper({ text, language: 'zh-CN', number: 'A', madeAt: 0 });
  sealed = (await sealPdf(pdf, { certificate, stamp: null, at: 0, reason: 'a' })).pdf;
});
afterAll(() => rm(folder, { recursive: true }));

const wrongs = async (pdf: Buffer, trusted?: Buffer) =>
  (await verifyPdf(pdf, trusted ? { trusted } : {})).map(({ wrong }) => wrong);

test('a sealed paper holds, and its certificate is known again', async () => {
  expect(await wrongs(sealed)).toEqual([[]]);
  expect(await wrongs(sealed, certificate.chain[0])).toEqual([[]]);
});

test('every changed byte of its text is noticed', async () => {
  const text = sealed.indexOf('/Contents') - 20;
  for (let at = 20; at < text; at += 997) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect((await wrongs(changed)).flat().join(), `byte ${at}`).toMatch(/was changed|cut or patched/);
  }
});

test('what was cut, added to, or sealed by somebody else is said to be so', async () => {
  expect((await wrongs(sealed.subarray(0, -40))).flat()).toContain(
    'the signature does not say which bytes it is of: the file was cut or patched',
  );
  expect((await wrongs(Buffer.concat([sealed, Buffer.from('%')]))).flat().join()).toContain(
    'were added after the signature',
  );
  const other = await openSealCertificate({ folder: join(folder, 'other'), configured: null });
  expect((await wrongs(sealed, other.chain[0])).flat().join()).toContain('another certificate');
  const at = sealed.indexOf('/Contents <') + 400;
  const damaged = Buffer.from(sealed);
  damaged[at] = damaged[at] === 48 ? 49 : 48;
  expect((await wrongs(damaged)).flat().length).toBeGreaterThan(0);
  expect(await verifyPdf(Buffer.from('no PDF at all'))).toEqual([]);
});

test('the key is its owner’s only, and the next start uses the same', async () => {
  expect((await stat(join(folder, 'seal.key.pem'))).mode & 0o777).toBe(0o600);
  const again = await openSealCertificate({ folder, configured: null });
  expect(again.chain).toEqual(certificate.chain);
});

test('a certificate that can’t be used says what is wrong with it', async () => {
  const other = await openSealCertificate({ folder: join(folder, 'third'), configured: null });
  expect(other.selfMade).toBe(true);
  const mixed = { certFile: join(folder, 'seal.crt.pem'), keyFile: join(folder, 'third', 'seal.key.pem') };
  await expect(openSealCertificate({ folder, configured: mixed })).rejects.toThrow('does not belong to the key');
  const gone = { certFile: join(folder, 'gone.pem'), keyFile: mixed.keyFile };
  await expect(openSealCertificate({ folder, configured: gone })).rejects.toThrow('`seal` in openvtm.json');
});
