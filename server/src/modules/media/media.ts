import type { CallId, In, Out, Side } from '@openvtm/protocol';
import type { types } from 'mediasoup';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import { createTurns } from '../../kernel/turn.ts';
import { connectPeers, disconnectPeer, toldOf } from './consuming.ts';
import type { MediaNeeds } from './media-needs.ts';
import type { MediaWorker } from './media-worker.ts';
import { openPeer, type Peer } from './peer.ts';
import { counterpart, createRooms, mayReceive, type Room } from './rooms.ts';
import { createWorkerPool } from './worker-pool.ts';

type Peers = { customer: string; agent: string };

/**
 * The requests of one peer, named as in the protocol, throw Refusal `no-media` (not joined), `wrong-state`, `not-found`,
 * or ProtocolError `bad-request` for anything that the client got wrong.
 */
export type Media = {
  join(peerId: string): Promise<Out<'media:join'>>;
  connect(peerId: string, data: In<'media:connect'>): Promise<Out<'media:connect'>>;
  produce(peerId: string, data: In<'media:produce'>): Promise<Out<'media:produce'>>;
  unproduce(peerId: string, data: In<'media:unproduce'>): Promise<Out<'media:unproduce'>>;
  receive(peerId: string, data: In<'media:receive'>): Promise<Out<'media:receive'>>;
  resume(peerId: string, data: In<'media:resume'>): Promise<Out<'media:resume'>>;
  restartIce(peerId: string, data: In<'media:restart-ice'>): Promise<Out<'media:restart-ice'>>;
  /**
   * A call is about to be: both may consume each other, the customer's consumers stay paused. Idempotent; consumers
   * are made whenever both are there, after re-joins too. On different workers the customer is told to join again.
   */
  ring(callId: string, peers: Peers): void;
  /** Accepted, or found running after a restart: everything flows both ways. */
  startCall(callId: string, peers: Peers): void;
  /** Ends ring or call: its consumers are closed, peers keep their transports. Idempotent. */
  endCall(callId: string): void;
  /** The peer's line is gone for good: closes its transports. */
  leave(peerId: string): void;
  /** Counted from what the workers themselves say. */
  count(): Promise<{ workers: number; transports: number; producers: number; consumers: number }>;
  workerPids(): number[];
  close(): Promise<void>;
};

const COUNT_TIMEOUT_MS = 1_000;

export async function createMedia(needs: MediaNeeds): Promise<Media> {
  const { log, settings, tell } = needs;
  const rooms = createRooms();
  const peers = new Map<string, Peer>();
  // Taken as soon as a worker is chosen, so that a counterpart that joins meanwhile lands on the same one.
  const seats = new Map<string, { worker: MediaWorker }>();
  const turns = createTurns();
  const pool = await createWorkerPool({ settings, log, onLost: workerLost });

  function workerLost(worker: MediaWorker): void {
    for (const [peerId, seat] of seats) {
      if (seat.worker !== worker) continue;
      drop(peerId);
      tell(peerId, 'media:lost', { reason: 'worker' });
    }
  }

  function drop(peerId: string): void {
    seats.delete(peerId);
    const peer = peers.get(peerId);
    peers.delete(peerId);
    peer?.close();
  }

  function chooseWorker(peerId: string): MediaWorker {
    const up = pool.up();
    for (const room of rooms.of(peerId)) {
      const beside = seats.get(counterpart(room, peerId))?.worker;
      if (beside !== undefined && up.includes(beside)) return beside;
    }
    const load = (worker: MediaWorker) => [...seats.values()].filter((seat) => seat.worker === worker).length;
    const [least] = up.sort((a, b) => load(a) - load(b));
    if (least === undefined) throw new Error('no media worker is up');
    return least;
  }

  function peerOf(peerId: string): Peer {
    const peer = peers.get(peerId);
    if (peer === undefined) throw new Refusal('no-media', `${peerId} has not joined media`);
    return peer;
  }

  /** Makes what is missing between the two of a room; one run at a time, so that nothing is made twice. */
  function connect(room: Room): Promise<void> {
    return turns(room.callId, async () => {
      const customer = peers.get(room.customer);
      const agent = peers.get(room.agent);
      if (customer === undefined || agent === undefined || !stands(room)) return;
      await connectPeers(room, { customer, agent }, { log, tell, stands });
    });
  }
  const stands = (room: Room) => rooms.get(room.callId) === room;

  function openRoom(callId: string, pair: Peers): Room {
    const { room, replaced } = rooms.open(callId, pair);
    if (replaced !== undefined) closeConsumers(replaced);
    const customer = peers.get(pair.customer);
    const agent = peers.get(pair.agent);
    if (customer !== undefined && agent !== undefined && customer.worker !== agent.worker) {
      drop(pair.customer);
      tell(pair.customer, 'media:lost', { reason: 'moved' });
    }
    return room;
  }

  function closeConsumers(room: Room): void {
    for (const peerId of [room.customer, room.agent]) {
      const peer = peers.get(peerId);
      if (peer !== undefined) disconnectPeer(peer, room.callId, tell);
    }
  }

  const sideOf = (peer: Peer, side: Side) => (side === 'send' ? peer.send : peer.receive);

  return {
    join: (peerId) =>
      turns(peerId, async () => {
        drop(peerId);
        await pool.someUp();
        const seat = { worker: chooseWorker(peerId) };
        seats.set(peerId, seat);
        const onLeft = () => seats.get(peerId) === seat && drop(peerId);
        const { iceConsentTimeoutSeconds } = settings;
        const opening = openPeer({ id: peerId, worker: seat.worker, iceConsentTimeoutSeconds, onLeft });
        const peer = await opening.catch((error: unknown) => {
          onLeft();
          throw error;
        });
        if (seats.get(peerId) !== seat) {
          peer.close();
          throw new Refusal('no-media', `${peerId} left while it joined`);
        }
        peers.set(peerId, peer);
        const { rtpCapabilities } = seat.worker.router;
        return { rtpCapabilities, send: optionsOf(peer.send), receive: optionsOf(peer.receive) };
      }),

    connect: (peerId, { side, dtlsParameters }) =>
      turns(peerId, async () => {
        const peer = peerOf(peerId);
        // Not read from dtlsState: a client whose packets are faster than its request has that at `connecting` already.
        if (peer.connected.has(side)) throw new Refusal('wrong-state', `the ${side} transport is connected already`);
        peer.connected.add(side);
        const fingerprints = dtlsParameters as types.DtlsParameters;
        await byClient(peer, () => sideOf(peer, side).connect({ dtlsParameters: fingerprints }));
        return {};
      }),

    produce: (peerId, { source, rtpParameters }) =>
      turns(peerId, async () => {
        const peer = peerOf(peerId);
        peer.producers.get(source)?.close();
        peer.producers.delete(source);
        const kind = source === 'camera' ? 'video' : 'audio';
        const producer = await byClient(peer, () =>
          peer.send.produce({ kind, rtpParameters: rtpParameters as types.RtpParameters }),
        );
        peer.producers.set(source, producer);
        for (const room of rooms.of(peerId)) void connect(room);
        return { producerId: producer.id };
      }),

    unproduce: (peerId, { source }) =>
      turns(peerId, async () => {
        const { producers } = peerOf(peerId);
        producers.get(source)?.close();
        producers.delete(source);
        return {};
      }),

    receive: (peerId, { rtpCapabilities }) =>
      turns(peerId, async () => {
        const peer = peerOf(peerId);
        peer.capabilities = rtpCapabilities as types.RtpCapabilities;
        // A client asks again after its line was lost: whatever it missed is told before the answer.
        for (const held of peer.consumers.values()) tell(peerId, 'media:consumer', toldOf(held));
        await Promise.all(rooms.of(peerId).map(connect));
        return {};
      }),

    resume: (peerId, { consumerId }) =>
      turns(peerId, async () => {
        const held = peerOf(peerId).consumers.get(consumerId);
        const room = held === undefined ? undefined : rooms.get(held.callId);
        if (held === undefined || room === undefined) throw new Refusal('not-found', 'no such consumer of this peer');
        held.ready = true;
        if (mayReceive(room, peerId)) await held.consumer.resume();
        return {};
      }),

    restartIce: (peerId, { side }) =>
      turns(peerId, async () => ({ iceParameters: await sideOf(peerOf(peerId), side).restartIce() })),

    ring(callId, pair) {
      void connect(openRoom(callId, pair));
    },

    startCall(callId, pair) {
      const room = openRoom(callId, pair);
      room.started = true;
      for (const peerId of [room.customer, room.agent]) tell(peerId, 'media:live', { callId: callId as CallId });
      for (const { consumer, ready, callId: of } of peers.get(room.customer)?.consumers.values() ?? []) {
        if (of !== callId || !ready) continue;
        consumer.resume().catch((error: unknown) => log.warn({ callId, err: error }, 'a consumer did not resume'));
      }
      void connect(room);
    },

    endCall(callId) {
      const room = rooms.remove(callId);
      if (room !== undefined) closeConsumers(room);
    },

    leave: drop,

    async count() {
      const total = { workers: 0, transports: 0, producers: 0, consumers: 0 };
      const dumps = await Promise.all(pool.up().map(({ router }) => inTime(router.dump())));
      for (const dump of dumps) {
        if (dump === null) continue;
        total.workers += 1;
        total.transports += dump.transportIds.length;
        total.producers += dump.mapProducerIdConsumerIds.length;
        total.consumers += dump.mapConsumerIdProducerId.length;
      }
      return total;
    },

    workerPids: () => pool.up().map(({ pid }) => pid),

    async close() {
      for (const peerId of [...seats.keys()]) drop(peerId);
      await pool.close();
    },
  };
}

/** Runs a call with values that the client sent. What mediasoup will not take is the client's mistake. */
async function byClient<T>(peer: Peer, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (peer.closed) throw new Refusal('no-media', 'the peer went away meanwhile', { cause: error });
    throw new ProtocolError('bad-request', error instanceof Error ? error.message : String(error));
  }
}

function optionsOf({
  id,
  iceParameters,
  iceCandidates,
  dtlsParameters,
}: types.WebRtcTransport): Out<'media:join'>['send'] {
  return { id, iceParameters, iceCandidates, dtlsParameters };
}

/** A worker that hangs is counted as none. */
async function inTime<T>(asked: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), COUNT_TIMEOUT_MS);
  });
  try {
    return await Promise.race([asked.catch(() => null), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
