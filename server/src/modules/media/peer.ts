import type { ParticipantId, Side, Source } from '@openvtm/protocol';
import type { types } from 'mediasoup';
import type { MediaWorker } from './media-worker.ts';

/** One consumer of a peer: whose track it carries, in which call, and whether the client is ready for frames. */
export type Held = {
  readonly consumer: types.Consumer;
  readonly callId: string;
  /** The peer that sends it, and as whom the others know it. */
  readonly from: string;
  readonly participant: ParticipantId;
  readonly source: Source;
  ready: boolean;
  /** The simulcast layer that fits the tile; null: the client has not said how large that is. */
  layer: number | null;
};

/** One client's media on one worker. All that it owns is found in here and nowhere else. */
export type Peer = {
  readonly id: string;
  readonly worker: MediaWorker;
  readonly send: types.WebRtcTransport;
  readonly receive: types.WebRtcTransport;
  /** The transports whose fingerprints the client has given. */
  readonly connected: Set<Side>;
  readonly producers: Map<Source, types.Producer>;
  readonly consumers: Map<string, Held>;
  capabilities: types.RtpCapabilities | null;
  /** false: its line is too short for pictures. */
  pictures: boolean;
  /** Whether its camera's highest layer is wanted, as far as the client knows. */
  sendsFull: boolean;
  /** The highest layer of its camera that comes without breaks; null: every layer may be had. */
  ceiling: number | null;
  readonly closed: boolean;
  /** Closes both transports and, with them, producers and consumers. */
  close(): void;
};

// Enough for the highest simulcast layer and speech from the first frame on; congestion control corrects it.
const INITIAL_OUTGOING_BITRATE = 3_000_000;

/** Makes both transports of a peer. `onLeft`: the client closed its side. Rejects if the worker goes away meanwhile. */
export async function openPeer(options: {
  id: string;
  worker: MediaWorker;
  iceConsentTimeoutSeconds: number;
  onLeft: () => void;
}): Promise<Peer> {
  const { id, worker, iceConsentTimeoutSeconds, onLeft } = options;
  const make = () =>
    worker.router.createWebRtcTransport({
      webRtcServer: worker.webRtcServer,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      enableSctp: false,
      iceConsentTimeout: iceConsentTimeoutSeconds,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
    });
  const [first, second] = await Promise.allSettled([make(), make()]);
  if (first.status === 'rejected' || second.status === 'rejected') {
    for (const made of [first, second]) if (made.status === 'fulfilled') made.value.close();
    throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
  }
  const send = first.value;
  const receive = second.value;
  for (const transport of [send, receive]) {
    transport.on('dtlsstatechange', (state) => {
      if (state === 'closed') onLeft();
    });
  }
  let closed = false;
  return {
    id,
    worker,
    send,
    receive,
    connected: new Set(),
    producers: new Map(),
    consumers: new Map(),
    capabilities: null,
    pictures: true,
    sendsFull: true,
    ceiling: null,
    get closed() {
      return closed;
    },
    close() {
      if (closed) return;
      closed = true;
      send.close();
      receive.close();
    },
  };
}
