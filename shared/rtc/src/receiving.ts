import type { CallId, NoticeData, ParticipantId, Source } from '@openvtm/protocol';
import type { Consumer, RtpParameters, Transport } from 'mediasoup-client/types';
import type { Line } from './line.ts';

/** What comes of one participant of one call; a track is the same object for as long as it is the same. */
export type Remote = {
  readonly callId: CallId;
  readonly participant: ParticipantId;
  readonly camera: MediaStreamTrack | null;
  readonly microphone: MediaStreamTrack | null;
  /** A window that they show. */
  readonly screen: MediaStreamTrack | null;
  /** Of a customer: what lies under the document camera. */
  readonly document: MediaStreamTrack | null;
};

export type Receiving = {
  /** Everybody of whom something comes, who came first before who came later. The same array while nothing changes. */
  remotes(): readonly Remote[];
  /** Consumes over this transport from now on; null: over none. What came before is gone. */
  use(transport: Transport | null): void;
  /** The server made a consumer for us, or tells of one again. */
  add(told: NoticeData<'media:consumer'>): Promise<void>;
  remove(consumerId: string): void;
  /** Runs `ask`, during which the server tells of all consumers again, and drops those it did not name. */
  reconcile(ask: () => Promise<unknown>): Promise<void>;
  /** The consumer that a track comes by; null: it does not come by one. */
  consumerOf(track: MediaStreamTrack): string | null;
  /** Milliseconds that every receiver holds frames back. */
  hold(targetMs: number): void;
};

type Received = { callId: CallId; participant: ParticipantId; source: Source; consumer: Consumer | null };

/** The far sides' media: consumers as the server tells of them, and each participant's tracks. */
export function createReceiving(options: {
  line: Line;
  onChange: () => void;
  onError: (error: unknown) => void;
}): Receiving {
  const { line, onError } = options;
  const all = new Map<string, Received>();
  let transport: Transport | null = null;
  let told = new Set<string>();
  let target = 0;
  let remotes: readonly Remote[] | null = [];

  function onChange(): void {
    remotes = null;
    options.onChange();
  }

  function drop(consumerId: string): void {
    const received = all.get(consumerId);
    if (received === undefined) return;
    all.delete(consumerId);
    received.consumer?.close();
    onChange();
  }

  function holdOne(consumer: Consumer): void {
    if (consumer.rtpReceiver !== undefined) consumer.rtpReceiver.jitterBufferTarget = target;
  }

  return {
    remotes: () => (remotes ??= gather(all.values())),
    use(next) {
      transport = next;
      target = 0;
      const before = all.size;
      all.clear();
      if (before > 0) onChange();
    },
    async add({ callId, participant, consumerId, producerId, source, kind, rtpParameters }) {
      told.add(consumerId);
      const over = transport;
      if (over === null || over.closed) return;
      try {
        if (!all.has(consumerId)) {
          const received: Received = { callId, participant, source, consumer: null };
          all.set(consumerId, received);
          const consumer = await over.consume({
            id: consumerId,
            producerId,
            kind,
            // The server passes on what its media worker made; it has this shape.
            rtpParameters: rtpParameters as RtpParameters,
          });
          if (all.get(consumerId) !== received) return consumer.close();
          received.consumer = consumer;
          holdOne(consumer);
          onChange();
        }
        await line.request('media:resume', { consumerId });
      } catch (error) {
        if (transport !== over || over.closed || !all.has(consumerId)) return;
        // Told of again, it is tried again.
        if (all.get(consumerId)?.consumer === null) all.delete(consumerId);
        onError(error);
      }
    },
    remove: drop,
    async reconcile(ask) {
      told = new Set();
      await ask();
      for (const consumerId of [...all.keys()]) if (!told.has(consumerId)) drop(consumerId);
    },
    consumerOf(track) {
      for (const [consumerId, { consumer }] of all) if (consumer?.track === track) return consumerId;
      return null;
    },
    hold(targetMs) {
      if (target === targetMs) return;
      target = targetMs;
      for (const { consumer } of all.values()) if (consumer !== null) holdOne(consumer);
    },
  };
}

/** Of two tracks of one source the later one counts: the other is about to be taken away. */
function gather(received: Iterable<Received>): readonly Remote[] {
  const found = new Map<string, Remote>();
  for (const { callId, participant, source, consumer } of received) {
    if (consumer === null) continue;
    const key = `${callId} ${participant}`;
    const before = found.get(key) ?? {
      callId,
      participant,
      camera: null,
      microphone: null,
      screen: null,
      document: null,
    };
    found.set(key, { ...before, [source]: consumer.track });
  }
  return [...found.values()];
}
