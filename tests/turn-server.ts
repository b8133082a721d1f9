import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from './ports.ts';

export type TurnServer = { urls: string[]; secret: string; hours: number; close(): Promise<void> };

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

/** Debian's coturn on loopback, reached by TCP alone, as where a firewall lets nothing else out. */
export async function startTurnServer(): Promise<TurnServer> {
  const port = await freePorts(1);
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--no-udp', '--fingerprint', '--allow-loopback-peers'],
      ...['--listening-ip', '127.0.0.1', '--listening-port', String(port), '--relay-ip', TURN_RELAY_HOST],
      ...['--use-auth-secret', '--static-auth-secret', SECRET, '--realm', 'openvtm.test'],
      ...['--pidfile', '/dev/null', '--userdb', `/tmp/openvtm-turn-${port}.db`, '--log-file', '/dev/null'],
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  await listens(port);
  return {
    urls: [`turn:127.0.0.1:${port}?transport=tcp`],
    secret: SECRET,
    hours: 1,
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
