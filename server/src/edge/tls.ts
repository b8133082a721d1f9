import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { isIP } from 'node:net';

const SELF_SIGNED_DAYS = 365;

/** The given certificate, or one made here for a first try on a LAN: a tablet's browser gives its camera to HTTPS only. */
export async function openTls(
  tls: 'self-signed' | { certFile: string; keyFile: string },
  options: { folder: string; host: string },
): Promise<{ cert: string; key: string }> {
  if (tls !== 'self-signed')
    return { cert: await readFile(tls.certFile, 'utf8'), key: await readFile(tls.keyFile, 'utf8') };
  const certFile = join(options.folder, 'self-signed.crt');
  const keyFile = join(options.folder, 'self-signed.key');
  if (!existsSync(certFile)) {
    const { host } = options;
    const names = [
      { type: 2 as const, value: 'localhost' },
      { type: 7 as const, ip: '127.0.0.1' },
    ];
    const own =
      host === '0.0.0.0' ? [] : isIP(host) ? [{ type: 7 as const, ip: host }] : [{ type: 2 as const, value: host }];
    const made = await generate([{ name: 'commonName', value: 'OpenVTM (self-signed)' }], {
      keyType: 'ec',
      notAfterDate: new Date(Date.now() + SELF_SIGNED_DAYS * 86_400_000),
      extensions: [{ name: 'subjectAltName', altNames: [...names, ...own] }],
    });
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    await writeFile(keyFile, made.private, { mode: 0o600 });
    await writeFile(certFile, made.cert);
  }
  return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}
