import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../ports.ts';

export type Proxy = { readonly url: string; readonly plainUrl: string; close(): Promise<void> };

const CONFIGURATION = fileURLToPath(new URL('../../../deploy/haproxy.cfg', import.meta.url));

/** Debian's HAProxy with the configuration that is shipped, and a certificate made for the moment. */
export async function startHaproxy([a, b]: [number, number]): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-haproxy-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const made = ['req', '-x509', ...ec, '-days', '1', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate];
  execFileSync('openssl', made, { stdio: 'ignore' });
  writeFileSync(join(folder, 'tls.pem'), readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
  const [plain, tls] = [await freePorts(), await freePorts()];
  const env = {
    ...process.env,
    HTTP_PORT: String(plain),
    HTTPS_PORT: String(tls),
    CERTIFICATE: join(folder, 'tls.pem'),
    SERVER_A: `127.0.0.1:${a}`,
    SERVER_B: `127.0.0.1:${b}`,
  };
  const child = spawn('haproxy', ['-db', '-f', CONFIGURATION], { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const plainUrl = `http://localhost:${plain}`;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(plainUrl, { redirect: 'manual' }).catch(() => null);
    if (answer) break;
    if (child.exitCode !== null || tries > 100) throw new Error('HAProxy did not start');
    await pause(50);
  }
  return {
    url: `https://localhost:${tls}`,
    plainUrl,
    async close() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
