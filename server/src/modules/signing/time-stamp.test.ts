import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printPaper } from './print-paper.ts';
import { openSealCertificate, type SealCertificate } from './seal-certificate.ts';
import { sealPdf } from './seal.ts';
import { createStamp } from './time-stamp.ts';
import { verifyPdf } from './verify-pdf.ts';

const OPENSSL_CONFIG = `
[req]
distinguished_name = dn
x509_extensions = ext
[dn]
[ext]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = tsa1
[tsa1]
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`;

let folder: string;
let authority: Server;
let url: string;
let how: 'usual' | 'failing' | 'another' = 'usual';
let certificate: SealCertificate;
let pdf: Buffer;
const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

/** An authority of the standard kind: OpenSSL's, on loopback. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openvtm-tsa-'));
  writeFileSync(join(folder, 'tsa.cnf'), OPENSSL_CONFIG);
  writeFileSync(join(folder, 'serial'), '01');
  const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.pem', '-days', '2'];
  openssl('req', ...made, '-subj', '/CN=Test authority', '-config', 'tsa.cnf');
  authority = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (how === 'failing') {
        response.writeHead(500).end();
        return;
      }
      if (how === 'usual') writeFileSync(join(folder, 'ask.tsq'), Buffer.concat(chunks));
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-section', 'tsa1', '-queryfile', 'ask.tsq', '-out', 'answer.tsr');
      response.setHeader('content-type', 'application/timestamp-reply');
      response.end(readFileSync(join(folder, 'answer.tsr')));
    });
  });
  await new Promise<void>((resolve) => authority.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(authority.address() as AddressInfo).port}/`;
  certificate = await openSealCertificate({ folder: join(folder, 'keys'), configured: null });
  const text = { title: 'Paper', sections: [{ heading: '1', paragraphs: ['Words'] }] };
  ({ pdf } = await printPaper({ text, language: 'en', number: 'A', madeAt: 0 }));
});
afterAll(() => {
  authority.close();
  rmSync(folder, { recursive: true });
});

const sealAgain = () => sealPdf(pdf, { certificate, stamp: createStamp({ url }), at: Date.now(), reason: 'a' });

test('a seal carries the stamp of an authority, and the stamp holds', async () => {
  how = 'usual';
  const { pdf: sealed, stampedAt } = await sealAgain();
  expect(Math.abs((stampedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(await verifyPdf(sealed)).toMatchObject([{ stampedAt, wrong: [] }]);
});

test('an authority that fails, is away, or answers another question gives no stamp', async () => {
  how = 'failing';
  await expect(sealAgain()).rejects.toThrow('answered with 500');
  how = 'another';
  await expect(sealAgain()).rejects.toThrow(/it is of something else|it answers another question/);
  const away = createStamp({ url: 'http://127.0.0.1:9/' });
  await expect(away(Buffer.from('a'))).rejects.toMatchObject({ name: 'StampMissing' });
});
