import type { ParticipantId } from '@openvtm/protocol';
import type { types } from 'mediasoup';
import type { MediaNeeds } from './media-needs.ts';
import type { MediaWorker } from './media-worker.ts';
import type { Peer } from './peer.ts';
import { voices, type Room, type VoiceSide } from './rooms.ts';
import { readRtp, type Heard } from './rtp.ts';

const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Who reads a room's voices, and of which sides. */
export type TapWish = {
  sides: readonly VoiceSide[];
  onVoice(participant: ParticipantId, heard: Heard): void;
};

/** The taps of all rooms here. A wish is kept while its room is elsewhere, and counts once it is here. */
export type Taps = {
  /** null: no more is read. What is wished for later takes the place of what was. */
  wish(callId: string, wish: TapWish | null): void;
  settle(room: Room): Promise<void>;
  silence(callId: string, peerId?: string): void;
  /** The room is not here any more. */
  close(callId: string): void;
  closeAll(): void;
};

type Needs = Pick<MediaNeeds, 'log'> & { peerOf: (peerId: string) => Peer | undefined };

export function createTaps(needs: Needs): Taps {
  const wishes = new Map<string, TapWish>();
  const taps = new Map<string, Tap>();
  const close = (callId: string) => {
    taps.get(callId)?.close();
    taps.delete(callId);
  };
  return {
    wish(callId, wish) {
      if (wish === null) {
        wishes.delete(callId);
        return close(callId);
      }
      wishes.set(callId, wish);
      const tap = taps.get(callId);
      if (tap) tap.wish = wish;
    },
    async settle(room) {
      const wish = wishes.get(room.callId);
      if (!room.started || wish === undefined) return;
      const tap = taps.get(room.callId) ?? createTap(wish, needs);
      taps.set(room.callId, tap);
      await tap.settle(room);
    },
    silence: (callId, peerId) => taps.get(callId)?.silence(peerId),
    close,
    closeAll() {
      wishes.clear();
      for (const callId of [...taps.keys()]) close(callId);
    },
  };
}

/** A room's voices, read in this process beside those who are in the room. */
type Tap = {
  wish: TapWish;
  /** Makes and closes what reads, as the room is now. One run at a time is the caller's matter. */
  settle(room: Room): Promise<void>;
  /** Nothing of this peer, or of anybody, is read from this moment on, until it is settled anew. */
  silence(peerId?: string): void;
  close(): void;
};

function createTap(wish: TapWish, needs: Needs): Tap {
  const transports = new Map<MediaWorker, types.DirectTransport>();
  const readers = new Map<string, { consumer: types.Consumer; producerId: string }>();
  let closed = false;

  const silence = (peerId?: string) => {
    for (const [one, { consumer }] of readers) {
      if (peerId !== undefined && one !== peerId) continue;
      consumer.close();
      readers.delete(one);
    }
  };

  async function transportOn(worker: MediaWorker): Promise<types.DirectTransport> {
    const known = transports.get(worker);
    if (known && !known.closed) return known;
    const made = await worker.router.createDirectTransport();
    if (closed) made.close();
    transports.set(worker, made);
    return made;
  }

  async function read(room: Room, peer: Peer, producer: types.Producer): Promise<void> {
    const transport = await transportOn(peer.worker);
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: peer.worker.router.rtpCapabilities,
    });
    const mayRead = () => !closed && voices(room, tap.wish.sides).includes(peer.id);
    if (!mayRead()) return consumer.close();
    const levelId = consumer.rtpParameters.headerExtensions?.find(({ uri }) => uri === LEVEL_URI)?.id ?? null;
    consumer.on('rtp', (packet) => {
      const member = room.members.get(peer.id);
      // Looked at with every packet: who is put on hold is not read from that moment on.
      if (!member || consumer.closed || !mayRead()) return;
      const heard = readRtp(packet, { levelId });
      if (heard) tap.wish.onVoice(member.participant, heard);
    });
    readers.set(peer.id, { consumer, producerId: producer.id });
  }

  const tap: Tap = {
    wish,
    async settle(room) {
      if (closed) return;
      const wanted = voices(room, tap.wish.sides);
      for (const [peerId, { consumer, producerId }] of readers) {
        const now = needs.peerOf(peerId)?.producers.get('microphone')?.id;
        if (!wanted.includes(peerId) || now !== producerId || consumer.closed) silence(peerId);
      }
      for (const peerId of wanted) {
        const peer = needs.peerOf(peerId);
        const producer = peer?.producers.get('microphone');
        if (!peer || !producer || producer.closed || readers.has(peerId)) continue;
        await read(room, peer, producer).catch((error: unknown) => {
          if (!peer.closed && !producer.closed)
            needs.log.warn({ callId: room.callId, err: error }, 'a voice cannot be read');
        });
      }
    },
    silence,
    close() {
      if (closed) return;
      closed = true;
      silence();
      for (const transport of transports.values()) transport.close();
      transports.clear();
    },
  };
  return tap;
}
