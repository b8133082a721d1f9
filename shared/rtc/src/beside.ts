import type { Producer, ProducerOptions, Transport } from 'mediasoup-client/types';
import type { Line } from './line.ts';

/** What is sent beside camera and microphone, and not from the call's beginning on. */
export type BesideSource = 'screen' | 'document';

export type BesideSending = {
  /** A picture of it is on the server just now. */
  readonly sent: boolean;
  /** Sends this track from now on; `still`: what is sent stays, without further frames; null: nothing. */
  send(next: MediaStreamTrack | 'still' | null): Promise<void>;
  /** Produces over this transport from now on; null: over none. */
  use(transport: Transport | null): Promise<void>;
};

/** Sends one such source. One change after the other: what is wanted last is what goes out. */
export function createBesideSending(options: {
  line: Line;
  source: BesideSource;
  how: (track: MediaStreamTrack) => Omit<ProducerOptions, 'track' | 'appData' | 'stopTracks'>;
  /** It is produced, and may be tuned. */
  onProduced?: (producer: Producer, track: MediaStreamTrack) => Promise<void>;
  onChange: () => void;
  onError: (error: unknown) => void;
}): BesideSending {
  const { line, source, how, onProduced, onChange, onError } = options;
  let wanted: MediaStreamTrack | 'still' | null = null;
  let over: Transport | null = null;
  let producer: Producer | null = null;
  let turn = Promise.resolve();

  function keep(next: Producer | null): void {
    if (producer === next) return;
    producer = next;
    onChange();
  }
  const sync = (): Promise<void> => {
    turn = turn.then(step).catch(onError);
    return turn;
  };
  async function step(): Promise<void> {
    const [transport, track] = [over, wanted];
    if (transport === null || transport.closed) return;
    if (track === 'still') {
      await producer?.replaceTrack({ track: null });
      return;
    }
    if (track === null) return withdraw();
    // One that ended is about to be taken away or replaced.
    if (producer?.track === track || track.readyState === 'ended') return;
    // From a still on it is one frame, and not the round trips of a new producer.
    if (producer?.track === null) return producer.replaceTrack({ track });
    producer?.close();
    const before = producer;
    try {
      const made = await transport.produce({ ...how(track), track, stopTracks: false, appData: { source } });
      if (over !== transport) return;
      keep(made);
      await onProduced?.(made, track);
    } catch (error) {
      if (producer === before) keep(null);
      throw error;
    }
  }
  async function withdraw(): Promise<void> {
    if (producer === null) return;
    producer.close();
    keep(null);
    await line.request('media:unproduce', { source });
  }

  return {
    get sent() {
      return producer !== null;
    },
    send(next) {
      wanted = next;
      return sync();
    },
    async use(transport) {
      over = transport;
      keep(null);
      if (transport !== null && wanted !== null) await sync();
    },
  };
}
