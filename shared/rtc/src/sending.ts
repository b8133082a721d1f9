import type { Device } from 'mediasoup-client';
import type { Transport } from 'mediasoup-client/types';
import { createCurtain } from './curtain.ts';
import type { Curtain } from './curtain.ts';
import type { Devices, DeviceState } from './devices.ts';
import { createLastFrame } from './last-frame.ts';
import type { Line } from './line.ts';
import { liftCurtain, producerOptions, sendFullSize } from './producing.ts';
import type { CameraProducer } from './producing.ts';

/** What comes from a device that is opened for the call. */
export type DeviceSource = 'camera' | 'microphone';
export type Sent = 'curtain' | 'live' | 'none';
/** Which of the two goes out. */
export type Lifted = Readonly<Record<DeviceSource, boolean>>;

export const sources = ['camera', 'microphone'] as const;
export const roleOf = { camera: 'face', microphone: 'microphone' } as const;

// By then the first frames are through; a highest layer that begins earlier delays them by 30 ms.
const FULL_SIZE_AFTER_MS = 250;
// Whoever had the highest layer is on a lower one by then: it must not end under anybody.
const LESS_AFTER_MS = 2_000;

/** What goes out for a device: itself, the placeholder, or nothing because there is no device. */
export function wanted({ device, hidden, sent }: { device: DeviceState; hidden: boolean; sent: Sent }): Sent {
  if (device.at === 'live') return hidden ? 'curtain' : 'live';
  // A device that is being swapped or found again: the placeholder keeps the stream warm meanwhile.
  if (device.at === 'opening' || device.at === 'off') return sent === 'none' ? 'none' : 'curtain';
  return 'none';
}

const each = (open: boolean | Lifted): Lifted =>
  typeof open === 'boolean' ? { camera: open, microphone: open } : open;

export type Sending = {
  readonly sent: Readonly<Record<DeviceSource, Sent>>;
  setCurtain(open: boolean | Lifted): void;
  setMuted(source: DeviceSource, muted: boolean): void;
  muted(source: DeviceSource): boolean;
  /** false: the placeholder goes out in the camera's place, for the link has no room for more. */
  setPictures(on: boolean): void;
  /** false: nobody wants the camera's highest layer, which goes out no more after a moment. */
  setFull(wanted: boolean): void;
  /** Produces over this transport from now on; null: over none. Resolves when what there is goes out. */
  use(transport: Transport | null, device: Device | null): Promise<void>;
  close(): void;
};

/**
 * Keeps what is sent in step with devices, curtain and mute. Producers stay; their tracks are replaced, because that
 * takes one frame where a new producer takes round trips. `curtain: 'closed'` begins with the placeholder everywhere.
 */
export function createSending(options: {
  line: Line;
  devices: Devices;
  curtain: 'closed' | 'none';
  onChange: () => void;
  onError: (error: unknown) => void;
}): Sending {
  const { line, devices, onChange, onError } = options;
  const sent: Record<DeviceSource, Sent> = { camera: 'none', microphone: 'none' };
  const producers = new Map<DeviceSource, CameraProducer>();
  const muted = new Set<DeviceSource>();
  const turns: Record<DeviceSource, Promise<void> | null> = { camera: null, microphone: null };
  const stale = new Set<DeviceSource>();
  let lifted = each(options.curtain === 'none');
  let placeholder: Curtain | null = null;
  const lastFrame = createLastFrame();
  let over: { transport: Transport; device: Device } | null = null;
  let fullSize = false;
  let fullSizeTimer: ReturnType<typeof setTimeout> | undefined;
  let fullWanted = true;
  let pictures = true;
  let fullWantedTimer: ReturnType<typeof setTimeout> | undefined;

  const stopFollowing = devices.onChange((role) => {
    for (const source of sources) if (roleOf[source] === role) void sync(source);
  });

  function cameraSize(): { width: number; height: number } {
    const camera = devices.state('face');
    const { width = 1280, height = 720 } = camera.at === 'live' ? camera.track.getSettings() : {};
    return { width, height };
  }

  function curtainTrack(source: DeviceSource): MediaStreamTrack {
    const { width, height } = cameraSize();
    placeholder ??= createCurtain({ width, height });
    placeholder.resize(width, height);
    return placeholder.track(source);
  }

  function mark(source: DeviceSource, next: Sent): void {
    if (sent[source] === next) return;
    sent[source] = next;
    onChange();
  }

  /** Brings one source in step; runs one at a time, and once more if something changed meanwhile. */
  function sync(source: DeviceSource): Promise<void> {
    stale.add(source);
    turns[source] ??= run(source).finally(() => {
      turns[source] = null;
    });
    return turns[source];
  }

  async function run(source: DeviceSource): Promise<void> {
    while (stale.delete(source)) {
      const mine = over;
      try {
        await step(source);
      } catch (error) {
        // A transport that was closed under us is no failure: the next one begins anew.
        if (mine !== null && mine === over && !mine.transport.closed) onError(error);
      }
    }
  }

  async function step(source: DeviceSource): Promise<void> {
    const mine = over;
    if (mine === null || mine.transport.closed) return;
    const device = devices.state(roleOf[source]);
    const next = wanted({
      device,
      hidden: !lifted[source] || muted.has(source) || (source === 'camera' && !pictures),
      sent: sent[source],
    });
    const producer = producers.get(source);
    if (next === 'none') {
      mark(source, 'none');
      if (producer === undefined) return;
      producers.delete(source);
      producer.close();
      await line.request('media:unproduce', { source });
      return;
    }
    const track = next === 'live' && device.at === 'live' ? device.track : curtainTrack(source);
    if (source === 'camera') hold(next, device);
    if (producer === undefined) {
      const made = await mine.transport.produce(
        producerOptions(source, track, { device: mine.device, fullSize, ...cameraSize() }),
      );
      if (mine === over) producers.set(source, made);
    } else if (producer.track !== track) {
      const isLift = source === 'camera' && next === 'live' && sent.camera === 'curtain';
      if (isLift) await liftCurtain(producer, track, { curtain: placeholder, lastFrame });
      else await producer.replaceTrack({ track });
    }
    if (mine !== over) return;
    mark(source, next);
    if (source === 'camera') await settle(next);
  }

  /** Makes frames of what hides the camera, and keeps the camera's newest one at hand, only while it is hidden. */
  function hold(next: Sent, device: DeviceState): void {
    placeholder?.run(next === 'curtain');
    if (next !== 'curtain') return;
    fullSize = false;
    lastFrame.follow(device.at === 'live' ? device.track : null);
  }

  async function settle(next: Sent): Promise<void> {
    clearTimeout(fullSizeTimer);
    if (next === 'live') {
      lastFrame.follow(null);
      const later = () => {
        fullSize = true;
        void sync('camera');
      };
      if (!fullSize) fullSizeTimer = setTimeout(later, FULL_SIZE_AFTER_MS);
    }
    const producer = producers.get('camera');
    if (producer !== undefined) await sendFullSize(producer, fullSize && fullWanted);
  }

  return {
    sent,
    setCurtain(open) {
      lifted = each(open);
      for (const source of sources) void sync(source);
    },
    setMuted(source, on) {
      if (on) muted.add(source);
      else muted.delete(source);
      // A producer that is being made cannot be given the placeholder before it is answered, which may take a line's return.
      const device = devices.state(roleOf[source]);
      const bare = !producers.has(source) && device.at === 'live' ? device.track : null;
      if (bare) bare.enabled = !on;
      void sync(source).finally(() => bare && (bare.enabled = true));
    },
    muted: (source) => muted.has(source),
    setPictures(on) {
      pictures = on;
      void sync('camera');
    },
    setFull(wanted) {
      clearTimeout(fullWantedTimer);
      const change = () => {
        fullWanted = wanted;
        void sync('camera');
      };
      if (wanted) change();
      else fullWantedTimer = setTimeout(change, LESS_AFTER_MS);
    },
    async use(transport, device) {
      over = transport === null || device === null ? null : { transport, device };
      producers.clear();
      fullSize = false;
      clearTimeout(fullWantedTimer);
      fullWanted = true;
      for (const source of sources) mark(source, 'none');
      if (over !== null) await Promise.all(sources.map(sync));
    },
    close() {
      stopFollowing();
      clearTimeout(fullSizeTimer);
      clearTimeout(fullWantedTimer);
      over = null;
      producers.clear();
      lastFrame.follow(null);
      placeholder?.close();
      placeholder = null;
    },
  };
}
