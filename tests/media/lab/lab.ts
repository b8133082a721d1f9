import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { requests, type NoticeData, type NoticeName, type RequestName } from '@openvtm/protocol';
import { Server, type Socket } from 'socket.io';
import { failureOf, Refusal } from '../../../server/src/kernel/errors.ts';
import { createMedia, type Media } from '../../../server/src/modules/media/index.ts';
import { freePorts } from '../../ports.ts';
import { bundlePage } from './bundle.ts';
import { pair } from './members.ts';

export type Lab = {
  /** Where pages are served and lines are opened. */
  url: string;
  port: number;
  /** Where the first media worker listens, UDP and TCP. */
  mediaPort: number;
  media: Media;
  /** Lets an offer ring between two peers; accepting its id starts the call. */
  ring(peers: { customer: string; agent: string }): { offerId: string; callId: string };
  end(callId: string): void;
  /** Cuts a peer's socket as a network would; the client comes back by itself. */
  cutLine(peerId: string): void;
  /** Resolves when a peer has a line. */
  told: { peerId: string; name: string; data: unknown }[];
  log: { level: string; about: object; message: string }[];
  close(): Promise<void>;
};

type Line = { socket: Socket; seq: number };

/**
 * The media module behind a small Socket.IO server that speaks the protocol's media requests and `call:accept`, and
 * nothing else: a peer's token is its id. `commitMs` stands for the database's commit on accept.
 */
export async function startLab(
  options: {
    workers?: number;
    listenIp?: string;
    announcedAddress?: string | null;
    turn?: { urls: string[]; secret: string; hours: number } | null;
    commitMs?: number;
    page?: URL;
  } = {},
): Promise<Lab> {
  const { workers = 1, listenIp = '127.0.0.1', announcedAddress = null, turn = null, commitMs = 0 } = options;
  const mediaPort = await freePorts(workers);
  const script = await bundlePage(options.page ?? new URL('./page.ts', import.meta.url));
  const lines = new Map<string, Line>();
  const offers = new Map<string, { callId: string; customer: string; agent: string }>();
  const calls = new Map<string, { customer: string; agent: string }>();
  const told: Lab['told'] = [];
  const log: Lab['log'] = [];
  const write = (level: string) => (about: object, message: string) => void log.push({ level, about, message });

  function tell<N extends NoticeName>(peerId: string, name: N, data: NoticeData<N>): void {
    told.push({ peerId, name, data });
    const line = lines.get(peerId);
    if (line !== undefined) line.socket.emit(name, data, (line.seq += 1));
  }

  const media = await createMedia({
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    settings: { workers, listenIp, announcedAddress, basePort: mediaPort, iceConsentTimeoutSeconds: 15, turn },
    tell,
    clock: Date.now,
  });

  const callOf = (callId: string) =>
    ({
      callId,
      caseId: callId,
      startedAt: Date.now(),
      participants: [],
    }) as unknown as NoticeData<'call:changed'>['call'];

  async function accept(offerId: string): Promise<{ callId: string }> {
    const offer = offers.get(offerId);
    if (offer === undefined) throw new Refusal('offer-gone', 'no such offer');
    offers.delete(offerId);
    await pause(commitMs);
    calls.set(offer.callId, offer);
    media.startCall(offer.callId, pair(offer.customer, offer.agent));
    for (const peerId of [offer.customer, offer.agent]) tell(peerId, 'call:changed', { call: callOf(offer.callId) });
    return { callId: offer.callId };
  }

  async function handle(peerId: string, name: RequestName, data: never): Promise<unknown> {
    switch (name) {
      case 'line:resync':
        return snapshot(peerId);
      case 'call:accept':
        return accept((data as { offerId: string }).offerId);
      case 'media:join':
        return media.join(peerId);
      case 'media:connect':
        return media.connect(peerId, data);
      case 'media:produce':
        return media.produce(peerId, data);
      case 'media:unproduce':
        return media.unproduce(peerId, data);
      case 'media:receive':
        return media.receive(peerId, data);
      case 'media:pictures':
        return media.pictures(peerId, data);
      case 'media:fit':
        return media.fit(peerId, data);
      case 'media:resume':
        return media.resume(peerId, data);
      case 'media:restart-ice':
        return media.restartIce(peerId, data);
      default:
        throw new Refusal('not-found', name);
    }
  }

  async function snapshot(peerId: string): Promise<object> {
    const call = [...calls].find(([, pair]) => pair.customer === peerId || pair.agent === peerId)?.[0];
    const data = { call: call === undefined ? null : callOf(call) };
    tell(peerId, peerId.startsWith('kiosk:') ? 'line:kiosk-snapshot' : 'line:staff-snapshot', data as never);
    return {};
  }

  const http = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><meta charset="utf-8"><body><script type="module" src="/page.js"></script>',
    );
  });
  const io = new Server(http, { path: '/line', transports: ['websocket'], pingInterval: 5_000, pingTimeout: 5_000 });
  io.on('connection', (socket) => {
    const peerId = String(socket.handshake.auth['token']);
    const line: Line = { socket, seq: 0 };
    lines.set(peerId, line);
    socket.on('disconnect', () => lines.get(peerId) === line && lines.delete(peerId));
    const reply = async (name: RequestName, data: unknown) => {
      try {
        return { ok: true, data: await handle(peerId, name, requests[name].in.parse(data) as never) };
      } catch (error) {
        return { ok: false, error: { code: failureOf(error).code, ref: String(error) } };
      }
    };
    socket.onAny((name: RequestName, data: unknown, _meta: unknown, answer: (answer: unknown) => void) => {
      void reply(name, data).then(answer);
    });
    void snapshot(peerId);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    mediaPort,
    media,
    ring(peers) {
      const offer = { offerId: randomUUID(), callId: randomUUID() };
      offers.set(offer.offerId, { callId: offer.callId, ...peers });
      media.ring(offer.callId, pair(peers.customer, peers.agent));
      return offer;
    },
    end(callId) {
      const pair = calls.get(callId);
      calls.delete(callId);
      media.endCall(callId);
      for (const peerId of pair === undefined ? [] : [pair.customer, pair.agent])
        tell(peerId, 'call:changed', { call: null });
    },
    cutLine: (peerId) => lines.get(peerId)?.socket.conn.close(),
    told,
    log,
    async close() {
      await io.close();
      await media.close();
    },
  };
}
