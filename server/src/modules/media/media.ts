import type { CallId, In, Out, Side } from '@openvtm/protocol';
import type { types } from 'mediasoup';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import { createTurns } from '../../kernel/turn.ts';
import { disconnectPeer, readyConsumer, settleRoom, toldOf } from './consuming.ts';
import { keepUnderCeiling } from './layer-ceiling.ts';
import { fitConsumer, settleLayers } from './layers.ts';
import type { MediaNeeds } from './media-needs.ts';
import type { MediaWorker } from './media-worker.ts';
import { iceServers } from './ice-servers.ts';
import { openPeer, type Peer } from './peer.ts';
import { createPipes } from './pipes.ts';
import { createRooms, type Members, type Room } from './rooms.ts';
import { createTaps, type TapWish } from './tap.ts';
import { createWorkerPool } from './worker-pool.ts';

export type { Members } from './rooms.ts';
export type { TapWish } from './tap.ts';

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
  fit(peerId: string, data: In<'media:fit'>): Promise<Out<'media:fit'>>;
  pictures(peerId: string, data: In<'media:pictures'>): Promise<Out<'media:pictures'>>;
  restartIce(peerId: string, data: In<'media:restart-ice'>): Promise<Out<'media:restart-ice'>>;
  /**
   * A call is about to be: both may consume each other, the customer's consumers stay paused. Idempotent; consumers
   * are made whenever both are there, after re-joins too. On different workers the customer is told to join again.
   */
  ring(callId: string, members: Members): void;
  /** Accepted, or found running after a restart: everything flows that may. */
  startCall(callId: string, members: Members): void;
  /** Who is in a running call now, and whether its customer is on hold; a call that does not run is left alone. */
  setCall(callId: string, now: { members?: Members; held?: boolean }): void;
  /** Nobody in the call sees or hears this peer, from this moment until it is said anew who does. */
  silence(callId: string, peerId: string): void;
  /**
   * Reads the voices of a running call beside it, of who speaks to everybody, from now on; null: no more. What is wished
   * for later takes the place of what was. The wish is kept while the room is elsewhere, and counts once it is here.
   */
  read(callId: string, wish: TapWish | null): void;
  /** Ends ring or call: its consumers are closed, peers keep their transports. Idempotent. */
  endCall(callId: string): void;
  /** The peer's line is gone for good: closes its transports. */
  leave(peerId: string): void;
  /** Whether the peer has joined here. */
  has(peerId: string): boolean;
  /** Whether the call's room is here. */
  holds(callId: string): boolean;
  /** Whether it is here and the call has started. */
  runs(callId: string): boolean;
  /** Counted from what the workers themselves say. */
  count(): Promise<{ workers: number; transports: number; producers: number; consumers: number }>;
  workerPids(): number[];
  close(): Promise<void>;
};

const COUNT_TIMEOUT_MS = 1_000;

export async function createMedia(needs: MediaNeeds): Promise<Media> {
  const { clock, log, settings, tell } = needs;
  const rooms = createRooms();
  const peers = new Map<string, Peer>();
  // Taken as soon as a worker is chosen, so that a counterpart that joins meanwhile lands on the same one.
  const seats = new Map<string, { worker: MediaWorker }>();
  const turns = createTurns();
  const pipes = createPipes();
  const taps = createTaps({ log, peerOf: (peerId) => peers.get(peerId) });
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
    for (const { members } of rooms.of(peerId)) {
      for (const other of members.keys()) {
        const beside = other === peerId ? undefined : seats.get(other)?.worker;
        if (beside !== undefined && up.includes(beside)) return beside;
      }
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

  /** Makes what is missing in a room and takes away what is too much; one run at a time, so that nothing is made twice. */
  function settle(room: Room): Promise<void> {
    return turns(room.callId, async () => {
      if (!stands(room)) return;
      await settleRoom(room, { log, tell, stands, pipes, peerOf: (peerId) => peers.get(peerId) });
      await taps.settle(room);
      for (const peerId of room.members.keys()) settleLayersOf(peerId);
    });
  }
  /** Those who see somebody are told why they see less. */
  function tellSpeechOnly({ callId, members }: Room, peerId: string, on: boolean): void {
    const who = members.get(peerId);
    if (who?.mode !== 'joined') return;
    for (const other of members.keys())
      if (other !== peerId)
        tell(other, 'media:speech-only', { callId: callId as CallId, participant: who.participant, on });
  }
  function settleLayersOf(peerId: string): void {
    const owner = peers.get(peerId);
    if (owner !== undefined) settleLayers(owner, peers.values(), tell);
  }
  const viewersOf = (producer: types.Producer) =>
    [...peers.values()].flatMap((peer) =>
      [...peer.consumers.values()].filter(({ consumer }) => consumer.producerId === producer.id),
    );
  const stands = (room: Room) => rooms.get(room.callId) === room;

  /** Who is there from the first moment shares a worker; whoever is no member any more hears and sees nothing at once. */
  function openRoom(callId: string, members: Members): Room {
    const gone = [...(rooms.get(callId)?.members.keys() ?? [])].filter((peerId) => !members.has(peerId));
    for (const peerId of gone) disconnect(peerId, callId);
    return rooms.open(callId, members);
  }

  function seatTogether(members: Members): void {
    const peerBy = (role: 'customer' | 'agent') =>
      [...members].flatMap(([peerId, member]) => (member.role === role ? [peerId] : []))[0] ?? '';
    const customer = peerBy('customer');
    const [there, here] = [peers.get(peerBy('agent'))?.worker, peers.get(customer)?.worker];
    if (here === undefined || there === undefined || here === there) return;
    drop(customer);
    tell(customer, 'media:lost', { reason: 'moved' });
  }

  function disconnect(peerId: string, callId: string): void {
    const peer = peers.get(peerId);
    if (peer !== undefined) disconnectPeer(peer, callId, { tell });
  }

  /** What the client is ready for flows in the same breath, without waiting for anything to be settled. */
  function resumeAll(room: Room, peerId: string): void {
    const peer = peers.get(peerId);
    for (const held of peer?.consumers.values() ?? []) {
      if (peer === undefined || held.callId !== room.callId || !held.ready) continue;
      readyConsumer(room, held, peer).catch((error: unknown) =>
        log.warn({ callId: room.callId, err: error }, 'a consumer did not resume'),
      );
    }
  }

  const sideOf = (peer: Peer, side: Side) => (side === 'send' ? peer.send : peer.receive);

  return {
    join: (peerId) =>
      turns(peerId, async () => {
        // Whoever comes anew has room for pictures until it says otherwise.
        if (peers.get(peerId)?.pictures === false)
          for (const room of rooms.of(peerId)) tellSpeechOnly(room, peerId, false);
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
        const [send, receive] = [optionsOf(peer.send), optionsOf(peer.receive)];
        return { rtpCapabilities, send, receive, iceServers: iceServers(settings.turn, { now: clock() }) };
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
        const kind = source === 'microphone' ? 'audio' : 'video';
        const producer = await byClient(peer, () =>
          peer.send.produce({ kind, rtpParameters: rtpParameters as types.RtpParameters }),
        );
        peer.producers.set(source, producer);
        if (source === 'camera') {
          if (!peer.sendsFull) tell(peerId, 'media:layers', { full: true });
          peer.sendsFull = true;
          keepUnderCeiling(peer, { producer, viewers: () => viewersOf(producer) });
        }
        for (const room of rooms.of(peerId)) void settle(room);
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
        await Promise.all(rooms.of(peerId).map(settle));
        return {};
      }),

    resume: (peerId, { consumerId }) =>
      turns(peerId, async () => {
        const held = peerOf(peerId).consumers.get(consumerId);
        const room = held === undefined ? undefined : rooms.get(held.callId);
        if (held === undefined || room === undefined) throw new Refusal('not-found', 'no such consumer of this peer');
        await readyConsumer(room, held, peerOf(peerId));
        return {};
      }),

    fit: (peerId, { consumerId, lines }) =>
      turns(peerId, async () => {
        const held = peerOf(peerId).consumers.get(consumerId);
        if (held === undefined) throw new Refusal('not-found', 'no such consumer of this peer');
        await fitConsumer(held, lines, peers.get(held.from));
        settleLayersOf(held.from);
        return {};
      }),

    pictures: (peerId, { on }) =>
      turns(peerId, async () => {
        peerOf(peerId).pictures = on;
        for (const room of rooms.of(peerId)) {
          tellSpeechOnly(room, peerId, !on);
          await settle(room);
        }
        return {};
      }),

    restartIce: (peerId, { side }) =>
      turns(peerId, async () => ({
        iceParameters: await sideOf(peerOf(peerId), side).restartIce(),
        iceServers: iceServers(settings.turn, { now: clock() }),
      })),

    ring(callId, members) {
      const room = openRoom(callId, members);
      seatTogether(members);
      void settle(room);
    },

    startCall(callId, members) {
      const room = openRoom(callId, members);
      room.started = true;
      seatTogether(members);
      for (const [peerId, { role }] of members) {
        tell(peerId, 'media:live', { callId: callId as CallId });
        if (role === 'customer') resumeAll(room, peerId);
      }
      void settle(room);
    },

    setCall(callId, { members, held }) {
      const known = rooms.get(callId);
      if (known?.started !== true) return;
      const room = openRoom(callId, members ?? known.members);
      room.held = held ?? known.held;
      if (room.held) taps.silence(callId);
      void settle(room);
    },

    silence(callId, peerId) {
      const room = rooms.get(callId);
      const member = room?.members.get(peerId);
      // Nothing that is settled before it is said anew lets anything of them through.
      if (room && member) rooms.open(callId, new Map([...room.members, [peerId, { ...member, mode: 'listening' }]]));
      for (const other of room?.members.keys() ?? []) {
        const peer = peers.get(other);
        if (peer !== undefined) disconnectPeer(peer, callId, { tell, from: peerId });
      }
      taps.silence(callId, peerId);
    },

    read(callId, wish) {
      taps.wish(callId, wish);
      const room = rooms.get(callId);
      if (room !== undefined) void settle(room);
    },

    endCall(callId) {
      taps.close(callId);
      const room = rooms.remove(callId);
      for (const peerId of room?.members.keys() ?? []) disconnect(peerId, callId);
    },

    leave: drop,
    has: (peerId) => seats.has(peerId),
    holds: (callId) => rooms.get(callId) !== undefined,
    runs: (callId) => rooms.get(callId)?.started === true,

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
      taps.closeAll();
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
