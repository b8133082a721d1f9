import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createWorker, type types } from 'mediasoup';
import { freePorts } from '../../ports.ts';
import { bundlePage } from '../../media/lab/bundle.ts';

type Peer = {
  send: types.WebRtcTransport;
  receive: types.WebRtcTransport;
  producers: types.Producer[];
  consumers: types.Consumer[];
};

type Connect = { peer: string; side: 'send' | 'receive'; dtlsParameters: types.DtlsParameters };

export type BareServer = { url: string; workerPid: number; close(): void };

/** mediasoup as its own documentation shows it, with nothing around it: one worker, one router, no rights, no rooms. */
export async function startBareServer(): Promise<BareServer> {
  const worker = await createWorker({ logLevel: 'none' });
  const listen = { ip: '127.0.0.1', port: await freePorts() };
  const webRtcServer = await worker.createWebRtcServer({
    listenInfos: [
      { protocol: 'udp', ...listen },
      { protocol: 'tcp', ...listen },
    ],
  });
  const router = await worker.createRouter({
    mediaCodecs: [
      { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1 } },
      { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
    ],
  });
  const script = await bundlePage(new URL('./bare-page.ts', import.meta.url));
  const peers = new Map<string, Peer>();
  const peerOf = (name: string): Peer => {
    const peer = peers.get(name);
    if (!peer) throw new Error(`nobody is called ${name}`);
    return peer;
  };
  const toldOf = ({ id, iceParameters, iceCandidates, dtlsParameters }: types.WebRtcTransport) => ({
    id,
    iceParameters,
    iceCandidates,
    dtlsParameters,
  });
  const open = () => router.createWebRtcTransport({ webRtcServer, initialAvailableOutgoingBitrate: 2_000_000 });

  const answers: Record<string, (asked: never) => Promise<unknown>> = {
    async join({ peer }: { peer: string }) {
      const [send, receive] = [await open(), await open()];
      peers.set(peer, { send, receive, producers: [], consumers: [] });
      return { rtpCapabilities: router.rtpCapabilities, send: toldOf(send), receive: toldOf(receive) };
    },
    async connect({ peer, side, dtlsParameters }: Connect) {
      await peerOf(peer)[side].connect({ dtlsParameters });
      return {};
    },
    async produce({ peer, kind, rtpParameters }: { peer: string } & types.ProducerOptions) {
      const producer = await peerOf(peer).send.produce({ kind, rtpParameters });
      peerOf(peer).producers.push(producer);
      return { id: producer.id };
    },
    async consume({ peer, of, rtpCapabilities }: { peer: string; of: string; rtpCapabilities: types.RtpCapabilities }) {
      const made: object[] = [];
      for (const { id: producerId } of peerOf(of).producers) {
        const consumer = await peerOf(peer).receive.consume({ producerId, rtpCapabilities, paused: true });
        peerOf(peer).consumers.push(consumer);
        made.push({ id: consumer.id, producerId, kind: consumer.kind, rtpParameters: consumer.rtpParameters });
      }
      return made;
    },
    async resume({ peer }: { peer: string }) {
      for (const consumer of peerOf(peer).consumers) await consumer.resume();
      return {};
    },
  };

  const http = createServer((request, response) => {
    if (request.url === '/page.js') return void response.setHeader('content-type', 'text/javascript').end(script);
    const answer = answers[request.url?.slice(1) ?? ''];
    if (!answer)
      return void response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><meta charset="utf-8"><body><script type="module" src="/page.js"></script>');
    void text(request)
      .then((body) => answer(JSON.parse(body) as never))
      .then(
        (data) => response.end(JSON.stringify(data)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    return undefined;
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    workerPid: worker.pid,
    close() {
      http.closeAllConnections();
      http.close();
      worker.close();
    },
  };
}
