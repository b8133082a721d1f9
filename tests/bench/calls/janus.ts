import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bundlePage } from '../../media/lab/bundle.ts';
import { freePorts } from '../../ports.ts';

export type Janus = { url: string; api: string; pid: number; version: string; close(): Promise<void> };

/** Of the addresses that are set aside for benchmarks (RFC 2544), on an interface of the same name in every run. */
const ADDRESS = '198.18.77.1';
const [INTERFACE, OTHER_END] = ['vtm-janus', 'vtm-janus-end'];

const ip = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });

/** Janus takes no candidate of the loopback interface, and of another only while it runs, which needs both ends up. */
function addInterface(): void {
  removeInterface();
  ip('link', 'add', INTERFACE, 'type', 'veth', 'peer', 'name', OTHER_END);
  ip('address', 'add', `${ADDRESS}/32`, 'dev', INTERFACE);
  ip('link', 'set', INTERFACE, 'up');
  ip('link', 'set', OTHER_END, 'up');
}

/** Also one that a killed run has left. The other end goes with it. */
function removeInterface(): void {
  spawnSync('ip', ['link', 'delete', INTERFACE], { stdio: 'ignore' });
}

async function versionAt(api: string): Promise<string | null> {
  const line = new WebSocket(api, 'janus-protocol');
  line.addEventListener('open', () => line.send(JSON.stringify({ janus: 'info', transaction: 'version' })));
  const answer = await new Promise<string | null>((resolve) => {
    line.addEventListener('message', ({ data }) => resolve(String(data)));
    line.addEventListener('error', () => resolve(null));
  });
  line.close();
  return answer === null ? null : (JSON.parse(answer) as { version_string: string }).version_string;
}

async function servePage(): Promise<{ url: string; close(): void }> {
  const script = await bundlePage(new URL('./janus-page.ts', import.meta.url));
  const http = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><meta charset="utf-8"><body><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}

function configure(folder: string, port: number): void {
  // Without a file of their own they end Debian's Janus with a segmentation fault in many of its starts.
  const unused = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'].map((name) => `libjanus_${name}.so`);
  const files = {
    'janus.jcfg': `transports: { disable = "${unused.join()}" }`,
    'janus.transport.websockets.jcfg': `general: { ws = true, ws_ip = "127.0.0.1", ws_port = ${port} }`,
    'janus.plugin.videoroom.jcfg': 'room-1: { publishers = 2, audiocodec = "opus", videocodec = "vp8" }',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), `${content}\n`);
}

/**
 * Debian's Janus, by the package `janus`, with a room for two and files of its own; or in words what it lacks here. Codecs,
 * layers, bitrates and the browsers are those of the other two sides. What differs: Janus is one process for signalling
 * and media, whose WebSocket is silent while it is measured; it always forwards the highest layer and estimates no
 * receiver's bandwidth; it is on an interface of its own, of which packets stay on this machine's loopback as well.
 */
export async function startJanus(): Promise<Janus | { missing: string }> {
  if (spawnSync('janus', ['--help'], { stdio: 'ignore' }).error)
    return { missing: 'it is not installed (apt install janus)' };
  try {
    addInterface();
  } catch (error) {
    removeInterface();
    return { missing: `this machine allows no network interface for it: ${(error as Error).message.trim()}` };
  }
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-janus-'));
  const port = await freePorts();
  configure(folder, port);
  const child = spawn(
    'janus',
    ['--configs-folder', folder, '--ice-enforce-list', ADDRESS, '--session-timeout', '0', '--disable-stdout'],
    { stdio: 'ignore', cwd: folder },
  );
  const ended = once(child, 'exit');
  const page = await servePage();
  const close = async () => {
    page.close();
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
    removeInterface();
  };
  const api = `ws://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300 && child.exitCode === null; tries += 1) {
    const version = await versionAt(api);
    if (version !== null && child.pid !== undefined) return { url: page.url, api, pid: child.pid, version, close };
    await pause(100);
  }
  await close();
  throw new Error('Janus did not start');
}
