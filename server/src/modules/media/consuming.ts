import { CallId, type NoticeData, type Source } from '@openvtm/protocol';
import type { types } from 'mediasoup';
import type { MediaNeeds } from './media-needs.ts';
import type { Held, Peer } from './peer.ts';
import type { Room } from './rooms.ts';

type Needs = Pick<MediaNeeds, 'log' | 'tell'> & {
  /** Whether the room is still the one under its call id. */
  stands: (room: Room) => boolean;
};

/** Makes the consumers that are missing between two peers of a room, both ways, and tells each side of its own. */
export async function connectPeers(room: Room, pair: { customer: Peer; agent: Peer }, needs: Needs): Promise<void> {
  const { customer, agent } = pair;
  if (customer.worker !== agent.worker) return;
  await Promise.all([
    consumeAll(room, { from: customer, to: agent }, needs),
    consumeAll(room, { from: agent, to: customer }, needs),
  ]);
}

async function consumeAll(room: Room, way: { from: Peer; to: Peer }, needs: Needs): Promise<void> {
  // Speech first: with a slow line its notice should not wait behind the picture's.
  for (const source of ['microphone', 'camera'] as const) {
    const producer = way.from.producers.get(source);
    if (producer === undefined || producer.closed) continue;
    try {
      await consume(room, { ...way, source, producer }, needs);
    } catch (error) {
      if (!way.to.closed && !producer.closed) {
        needs.log.warn({ callId: room.callId, peer: way.to.id, source, err: error }, 'a track cannot be consumed');
      }
    }
  }
}

async function consume(
  room: Room,
  way: { to: Peer; source: Source; producer: types.Producer },
  needs: Needs,
): Promise<void> {
  const { to, source, producer } = way;
  const there = [...to.consumers.values()].some(
    (held) => held.callId === room.callId && held.consumer.producerId === producer.id,
  );
  if (there || to.capabilities === null || to.closed) return;
  const consumer = await to.receive.consume({
    producerId: producer.id,
    rtpCapabilities: to.capabilities,
    paused: true,
    enableRtx: true,
  });
  if (to.closed || producer.closed || !needs.stands(room)) return consumer.close();
  const held: Held = { consumer, callId: room.callId, source, ready: false };
  to.consumers.set(consumer.id, held);
  consumer.once('transportclose', () => to.consumers.delete(consumer.id));
  consumer.once('producerclose', () => {
    if (to.consumers.delete(consumer.id)) needs.tell(to.id, 'media:consumer-closed', { consumerId: consumer.id });
  });
  needs.tell(to.id, 'media:consumer', toldOf(held));
}

/** What the client is told of one of its consumers. */
export function toldOf({ consumer, callId, source }: Held): NoticeData<'media:consumer'> {
  const { id: consumerId, producerId, kind, rtpParameters } = consumer;
  return { callId: CallId.parse(callId), consumerId, producerId, source, kind, rtpParameters };
}

/** Closes a peer's consumers of one call and tells it. */
export function disconnectPeer(peer: Peer, callId: string, tell: Needs['tell']): void {
  for (const [consumerId, held] of peer.consumers) {
    if (held.callId !== callId) continue;
    peer.consumers.delete(consumerId);
    held.consumer.close();
    tell(peer.id, 'media:consumer-closed', { consumerId });
  }
}
