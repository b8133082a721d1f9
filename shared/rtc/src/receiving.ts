import type { NoticeData, Source } from '@openvtm/protocol';
import type { Consumer, RtpParameters, Transport } from 'mediasoup-client/types';
import type { Line } from './line.ts';

export type Receiving = {
  track(source: Source): MediaStreamTrack | null;
  /** Consumes over this transport from now on; null: over none. What came before is gone. */
  use(transport: Transport | null): void;
  /** The server made a consumer for us, or tells of one again. */
  add(told: NoticeData<'media:consumer'>): Promise<void>;
  remove(consumerId: string): void;
  /** Runs `ask`, during which the server tells of all consumers again, and drops those it did not name. */
  reconcile(ask: () => Promise<unknown>): Promise<void>;
  /** Milliseconds that every receiver holds frames back. */
  hold(targetMs: number): void;
};

type Received = { source: Source; consumer: Consumer | null };

/** The far side's media: consumers as the server tells of them, and the track of each source. */
export function createReceiving(options: {
  line: Line;
  onChange: () => void;
  onError: (error: unknown) => void;
}): Receiving {
  const { line, onChange, onError } = options;
  const all = new Map<string, Received>();
  let transport: Transport | null = null;
  let told = new Set<string>();
  let target = 0;

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
    track(source) {
      let found: MediaStreamTrack | null = null;
      for (const received of all.values()) {
        if (received.source === source && received.consumer !== null) found = received.consumer.track;
      }
      return found;
    },
    use(next) {
      transport = next;
      target = 0;
      const before = all.size;
      all.clear();
      if (before > 0) onChange();
    },
    async add({ consumerId, producerId, source, kind, rtpParameters }) {
      told.add(consumerId);
      const over = transport;
      if (over === null || over.closed) return;
      try {
        if (!all.has(consumerId)) {
          const received: Received = { source, consumer: null };
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
        if (transport === over && !over.closed && all.has(consumerId)) onError(error);
      }
    },
    remove: drop,
    async reconcile(ask) {
      told = new Set();
      await ask();
      for (const consumerId of [...all.keys()]) if (!told.has(consumerId)) drop(consumerId);
    },
    hold(targetMs) {
      if (target === targetMs) return;
      target = targetMs;
      for (const { consumer } of all.values()) if (consumer !== null) holdOne(consumer);
    },
  };
}
