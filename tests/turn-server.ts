import { execFileSync, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from './ports.ts';

export type TurnServer = {
  port: number;
  urls: string[];
  secret: string;
  hours: number;
  /** What a browser is started with to take this server's certificate, and no other that nobody vouches for. */
  trust: string[];
  close(): Promise<void>;
};

/** Where the TURN server's own packets come from: what lets only these through is reached by nobody else. */
export const TURN_RELAY_HOST = '127.0.0.3';
const SECRET = 'a secret for the length of a test';

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await pause(100);
  }
  throw new Error('the TURN server did not start');
}

/** A certificate made for the moment, in files as coturn reads them. */
function makeCertificate(folder: string) {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const named = ['-subj', '/CN=openvtm.test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...ec, ...named, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const { publicKey } = new X509Certificate(readFileSync(certificate));
  const digest = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  return { key, certificate, trust: [`--ignore-certificate-errors-spki-list=${digest.digest('base64')}`] };
}

/** Debian's coturn on loopback, reached by TCP alone, or by TLS alone, as where a firewall lets nothing else out. */
export async function startTurnServer(over: 'tcp' | 'tls'): Promise<TurnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-turn-'));
  const port = await freePorts(1);
  const { key, certificate, trust } = makeCertificate(folder);
  const listening =
    over === 'tcp'
      ? ['--no-tls', '--listening-port', String(port)]
      : ['--no-tcp', '--tls-listening-port', String(port), '--cert', certificate, '--pkey', key];
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--no-cli', '--no-dtls', '--no-udp', '--fingerprint', '--allow-loopback-peers'],
      ...['--listening-ip', '127.0.0.1', ...listening, '--relay-ip', TURN_RELAY_HOST],
      ...['--use-auth-secret', '--static-auth-secret', SECRET, '--realm', 'openvtm.test'],
      ...['--pidfile', '/dev/null', '--userdb', join(folder, 'turn.db'), '--log-file', '/dev/null'],
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  await listens(port);
  return {
    port,
    urls: [`${over === 'tls' ? 'turns' : 'turn'}:127.0.0.1:${port}?transport=tcp`],
    secret: SECRET,
    hours: 1,
    trust,
    async close() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
