import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** The certificate that papers are sealed with, its key, and the certificates above it as far as they are given. */
export type SealCertificate = {
  /** PKCS#8, DER. */
  key: Buffer;
  /** DER, the sealing one first. */
  chain: Buffer[];
  selfMade: boolean;
};

/** The files can't be used; the message says what to do. */
export class SealCertificateUnusable extends Error {
  override readonly name = 'SealCertificateUnusable';
}

/** Ten years: a paper is looked at long after it was sealed. */
const SELF_MADE_DAYS = 3_650;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads the configured certificate, or one that is made in `folder` at the very first start (the key for its owner only). */
export async function openSealCertificate(options: {
  folder: string;
  configured: { certFile: string; keyFile: string } | null;
}): Promise<SealCertificate> {
  const { folder, configured } = options;
  const { certFile, keyFile } = configured ?? {
    certFile: join(folder, 'seal.crt.pem'),
    keyFile: join(folder, 'seal.key.pem'),
  };
  if (!configured && !existsSync(certFile)) await makeCertificate({ folder, certFile, keyFile });
  try {
    const chain = ((await readFile(certFile, 'utf8')).match(PEM) ?? []).map((pem) => new X509Certificate(pem));
    const key = createPrivateKey(await readFile(keyFile, 'utf8'));
    const [own] = chain;
    if (!own) throw new Error('there is no certificate in it');
    if (!own.checkPrivateKey(key)) throw new Error(`it does not belong to the key in ${keyFile}`);
    if (key.asymmetricKeyType !== 'rsa') throw new Error('papers are sealed with an RSA key');
    return {
      key: key.export({ type: 'pkcs8', format: 'der' }),
      chain: chain.map(({ raw }) => raw),
      selfMade: configured === null,
    };
  } catch (error) {
    throw new SealCertificateUnusable(
      `The certificate ${certFile} that papers are sealed with can't be used: ${(error as Error).message}. ` +
        (configured ? '`seal` in openvtm.json names the files.' : 'Restore both files from the backup.'),
      { cause: error },
    );
  }
}

async function makeCertificate(files: { folder: string; certFile: string; keyFile: string }): Promise<void> {
  const made = await generate([{ name: 'commonName', value: 'OpenVTM seal (self-made)' }], {
    keyType: 'rsa',
    keySize: 3072,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + SELF_MADE_DAYS * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    ],
  });
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await writeWhole(files.keyFile, made.private, 0o600);
  // Last, for it is what the next start looks for.
  await writeWhole(files.certFile, made.cert, 0o600);
}

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode, flush: true });
  await rename(`${file}.new`, file);
}
