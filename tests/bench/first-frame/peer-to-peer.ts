import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { tcpRelay, udpRelay, type UdpRelay } from '../../faults/relay/index.ts';
import { bundlePage } from '../../media/lab/bundle.ts';
import { clickAndWait, openProbed, type Stage, type StageOptions } from './stage.ts';

const targets = { acceptButton: '#accept', farVideo: '#far' };

/**
 * What is measured beside: a bare RTCPeerConnection made when Accept is clicked, both sides' camera and microphone
 * open beforehand, candidates trickled. It crosses the same two legs: each message goes kiosk → hub → agent or back, a
 * delay on each leg; media goes through relays that add both legs' delay. `offerer`: who makes the offer. The kiosk,
 * which has the picture to offer, learns of the click first; an agent who offers saves that one crossing.
 */
export async function openPeerToPeerStage({
  browser,
  delayMs,
  offerer,
}: StageOptions & { offerer: 'kiosk' | 'agent' }): Promise<Stage> {
  const script = await bundlePage(new URL('./peer-to-peer-page.ts', import.meta.url));
  const sockets = new Map<string, Socket>();
  const relays = new Map<string, Promise<UdpRelay>>();

  /** The candidate as the other side should see it: behind a relay with the delay of both legs. */
  async function behindRelay(candidate: string): Promise<string | null> {
    const parts = candidate.split(' ');
    const [host, port] = [parts[4], Number(parts[5])];
    if (parts[2]?.toLowerCase() !== 'udp' || host === undefined || !/^[\d.]+$/.test(host)) return null;
    if (delayMs === 0) return candidate;
    const relay = await udpRelay({
      listen: { host: '127.0.0.1', port: 0 },
      target: { host, port },
      delayMs: 2 * delayMs,
    });
    relays.set(candidate, Promise.resolve(relay));
    parts[4] = relay.address.host;
    parts[5] = String(relay.address.port);
    return parts.join(' ');
  }

  const http = createServer((request, response) => {
    const isScript = request.url?.startsWith('/page.js') ?? false;
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript
        ? script
        : '<!doctype html><meta charset="utf-8"><body><button id="accept">Accept</button><video id="far" muted autoplay></video><script type="module" src="/page.js"></script>',
    );
  });
  const hub = new Server(http, { path: '/hub', transports: ['websocket'] });
  hub.on('connection', (socket) => {
    const side = String(socket.handshake.query['side']);
    const other = side === 'kiosk' ? 'agent' : 'kiosk';
    sockets.set(side, socket);
    socket.on('accept', () => sockets.get(other)?.emit('accept'));
    socket.on('description', (description) => sockets.get(other)?.emit('description', description));
    socket.on('candidate', async (candidate: RTCIceCandidateInit) => {
      const seen = await behindRelay(candidate.candidate ?? '');
      if (seen !== null) sockets.get(other)?.emit('candidate', { ...candidate, candidate: seen });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const line = await tcpRelay({ listen: { host: '127.0.0.1', port: 0 }, target: { host: '127.0.0.1', port }, delayMs });
  const hubPort = delayMs === 0 ? port : line.address.port;
  const open = (side: string) =>
    openProbed(browser, `http://127.0.0.1:${port}/?side=${side}&hub=${hubPort}&offerer=${offerer}`, targets);
  const [kiosk, desk] = [await open('kiosk'), await open('agent')];

  return {
    async ring() {
      for (const page of [kiosk, desk]) await page.evaluate(() => globalThis.peerToPeer.prepare());
    },
    accept: () => clickAndWait(desk, targets),
    async end() {
      for (const page of [kiosk, desk]) await page.evaluate(() => globalThis.peerToPeer.end());
      for (const relay of relays.values()) await (await relay).close();
      relays.clear();
    },
    async close() {
      for (const page of [kiosk, desk]) await page.context().close();
      await line.close();
      await hub.close();
    },
  };
}
