import { CallId, type NoticeData, type Source } from '@openvtm/protocol';
import type { types } from 'mediasoup';
import type { MediaNeeds } from './media-needs.ts';
import type { Held, Peer } from './peer.ts';
import type { Pipes } from './pipes.ts';
import { flow, type Room } from './rooms.ts';

type Needs = Pick<MediaNeeds, 'log' | 'tell'> & {
  peerOf: (peerId: string) => Peer | undefined;
  pipes: Pipes;
  /** Whether the room is still the one under its call id. */
  stands: (room: Room) => boolean;
};
type Way = { from: string; to: string; source: Source };

/** Speech first: with a slow line its notice should not wait behind the picture's. */
const SOURCES = ['microphone', 'camera', 'screen', 'document'] as const satisfies Source[];

/** Makes, lets flow, pauses and closes the consumers between all peers of a room, as `flow` says, and tells each peer of its own. */
export async function settleRoom(room: Room, needs: Needs): Promise<void> {
  closeStrangers(room, needs);
  const peers = [...room.members.keys()];
  const ways = peers.flatMap((from) => peers.filter((to) => to !== from).map((to) => ({ from, to })));
  await Promise.all(
    ways.map(async (way) => {
      for (const source of SOURCES) await settleWay(room, { ...way, source }, needs);
    }),
  );
}

async function settleWay(room: Room, way: Way, needs: Needs): Promise<void> {
  const to = needs.peerOf(way.to);
  const producer = needs.peerOf(way.from)?.producers.get(way.source);
  const wanted = allowed(flow(room, way), { to, source: way.source });
  const held = to && heldOf(to, room, producer?.id);
  try {
    if (wanted === 'none') {
      if (to && held) dropConsumer(to, held, needs.tell);
    } else if (to && held) await letFlow(held, wanted);
    else if (to && producer) await consume(room, { ...way, to, producer }, needs);
  } catch (error) {
    if (!to?.closed && !producer?.closed)
      needs.log.warn({ callId: room.callId, ...way, err: error }, 'a track cannot be consumed');
  }
}

/** Who has no room for pictures gets none, and keeps what they would come by. */
const allowed = (wanted: ReturnType<typeof flow>, { to, source }: { to: Peer | undefined; source: Source }) =>
  wanted === 'open' && source !== 'microphone' && to?.pictures === false ? 'paused' : wanted;

const heldOf = (peer: Peer, room: Room, producerId: string | undefined) =>
  [...peer.consumers.values()].find((one) => one.callId === room.callId && one.consumer.producerId === producerId);

/** Frames flow when the room lets them and the client has its side ready. */
async function letFlow({ consumer, ready }: Held, wanted: 'paused' | 'open'): Promise<void> {
  if (consumer.closed) return;
  if (wanted === 'open' && ready && consumer.paused) await consumer.resume();
  else if (wanted === 'paused' && !consumer.paused) await consumer.pause();
}

/** The client has its side of the consumer ready. */
export async function readyConsumer(room: Room, held: Held, to: Peer): Promise<void> {
  held.ready = true;
  const wanted = allowed(flow(room, { from: held.from, to: to.id, source: held.source }), { to, source: held.source });
  if (wanted !== 'none') await letFlow(held, wanted);
}

async function consume(
  room: Room,
  { from, to, source, producer }: Omit<Way, 'to'> & { to: Peer; producer: types.Producer },
  needs: Needs,
): Promise<void> {
  const member = room.members.get(from);
  const origin = needs.peerOf(from);
  if (to.capabilities === null || to.closed || producer.closed || !member || !origin) return;
  await needs.pipes.reach(producer, { from: origin.worker, to: to.worker });
  const consumer = await to.receive.consume({
    producerId: producer.id,
    rtpCapabilities: to.capabilities,
    paused: true,
    enableRtx: true,
  });
  const wanted = flow(room, { from, to: to.id, source });
  if (to.closed || producer.closed || !needs.stands(room) || wanted === 'none') return consumer.close();
  const held: Held = {
    consumer,
    callId: room.callId,
    from,
    participant: member.participant,
    source,
    ready: false,
    layer: null,
  };
  to.consumers.set(consumer.id, held);
  consumer.once('transportclose', () => to.consumers.delete(consumer.id));
  consumer.once('producerclose', () => {
    if (to.consumers.delete(consumer.id)) needs.tell(to.id, 'media:consumer-closed', { consumerId: consumer.id });
  });
  needs.tell(to.id, 'media:consumer', toldOf(held));
}

/** What the client is told of one of its consumers. */
export function toldOf({ consumer, callId, participant, source }: Held): NoticeData<'media:consumer'> {
  const { id: consumerId, producerId, kind, rtpParameters } = consumer;
  return { callId: CallId.parse(callId), participant, consumerId, producerId, source, kind, rtpParameters };
}

function dropConsumer(peer: Peer, { consumer }: Held, tell: Needs['tell']): void {
  if (!peer.consumers.delete(consumer.id)) return;
  consumer.close();
  tell(peer.id, 'media:consumer-closed', { consumerId: consumer.id });
}

/** Closes a peer's consumers of one call, or only those of what `from` sends, and tells it. */
export function disconnectPeer(
  peer: Peer,
  callId: string,
  { tell, from = null }: { tell: Needs['tell']; from?: string | null },
): void {
  for (const held of peer.consumers.values())
    if (held.callId === callId && (from === null || held.from === from)) dropConsumer(peer, held, tell);
}

/** What members still consume of somebody who is no member any more. */
function closeStrangers(room: Room, { peerOf, tell }: Needs): void {
  for (const peerId of room.members.keys()) {
    const peer = peerOf(peerId);
    for (const held of peer?.consumers.values() ?? [])
      if (peer && held.callId === room.callId && !room.members.has(held.from)) dropConsumer(peer, held, tell);
  }
}
