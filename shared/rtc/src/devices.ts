import { chooseDevice, devicesFor } from './device-choice.ts';
import type { DeviceRole, KnownDevice } from './device-choice.ts';

export type { DeviceRole } from './device-choice.ts';
export { watchLevel } from './level.ts';
export { takeStill } from './still.ts';

/** `background`: its picture may only be seen with the background covered, and that does not go. */
export type DeviceProblem = 'refused' | 'missing' | 'busy' | 'insecure' | 'unknown' | 'background';
export type DeviceState =
  | { at: 'off' }
  | { at: 'opening' }
  | { at: 'live'; track: MediaStreamTrack; deviceId: string; label: string }
  | { at: 'failed'; problem: DeviceProblem };

type CaptureRole = Exclude<DeviceRole, 'speaker'>;

export interface Devices {
  state(role: CaptureRole): DeviceState;
  /** Opens (or re-opens) the role's device; never rejects, the state says how it went. */
  open(role: CaptureRole): Promise<DeviceState>;
  stop(role: CaptureRole): void;
  /** What there is, by role: every camera is listed for the face and for documents. Empty before permission is given. */
  list(): Promise<{ role: DeviceRole; deviceId: string; label: string }[]>;
  /** Remembers the device for the role and swaps a live one at once; if the new one does not open, the old one stays. */
  choose(role: DeviceRole, deviceId: string): Promise<void>;
  /** For HTMLMediaElement.setSinkId; null is the system's own choice. */
  chosenSpeaker(): string | null;
  /** Tells every change of a role's state, and of the list of devices. */
  onChange(handler: (role: DeviceRole) => void): () => void;
  close(): void;
}

const cameraRoles = ['face', 'document', 'overview'] as const;
const captureRoles = [...cameraRoles, 'microphone'] as const;
const allRoles = [...captureRoles, 'speaker'] as const;
const storageKey = (role: DeviceRole) => `openvtm.device.${role}`;

/** `height`: capture height of the face camera (default 720; 480 for weak PCs). Documents get all that the camera has. */
export function openDevices({ height = 720 }: { height?: 480 | 720 } = {}): Devices {
  const states: Record<CaptureRole, DeviceState> = {
    face: { at: 'off' },
    document: { at: 'off' },
    overview: { at: 'off' },
    microphone: { at: 'off' },
  };
  const openings = new Map<CaptureRole, Promise<DeviceState>>();
  // Counts up whenever a role is stopped, so that a device which opens too late is let go again.
  const turns: Record<CaptureRole, number> = { face: 0, document: 0, overview: 0, microphone: 0 };
  const handlers = new Set<(role: DeviceRole) => void>();
  let closed = false;

  const tell = (role: DeviceRole) => {
    for (const handler of [...handlers]) handler(role);
  };
  function enter(role: CaptureRole, next: DeviceState): DeviceState {
    states[role] = next;
    tell(role);
    return next;
  }

  async function acquire(role: CaptureRole): Promise<DeviceState> {
    if (!globalThis.isSecureContext || navigator.mediaDevices === undefined) {
      return { at: 'failed', problem: 'insecure' };
    }
    try {
      const wished = chooseDevice(role, await known(), {
        remembered: localStorage.getItem(storageKey(role)),
        otherCameras: cameraRoles.flatMap((one) => (one === role ? [] : (liveId(one) ?? []))),
      });
      if (role === 'overview' && wished === null) return { at: 'failed', problem: 'missing' };
      const stream = await navigator.mediaDevices.getUserMedia(constraints(role, { deviceId: wished, height }));
      const track = stream.getTracks()[0];
      if (track === undefined) return { at: 'failed', problem: 'missing' };
      return { at: 'live', track, deviceId: track.getSettings().deviceId ?? '', label: track.label };
    } catch (error) {
      return { at: 'failed', problem: problemOf(error) };
    }
  }

  function liveId(role: CaptureRole): string | null {
    const state = states[role];
    return state.at === 'live' ? state.deviceId : null;
  }

  function settle(role: CaptureRole, found: DeviceState): DeviceState {
    const before = states[role];
    if (found.at === 'live') {
      found.track.addEventListener('ended', () => unplugged(role, found.track), { once: true });
    }
    const after = enter(role, found);
    // Only now, so that whoever sends the old track has been told of the new one.
    if (before.at === 'live') before.track.stop();
    return after;
  }

  async function open(role: CaptureRole): Promise<DeviceState> {
    const before = openings.get(role);
    if (before !== undefined) return before;
    const turn = turns[role];
    if (states[role].at !== 'live') enter(role, { at: 'opening' });
    const opening = acquire(role).then((found) => {
      openings.delete(role);
      if (turn === turns[role] && !closed) return settle(role, found);
      if (found.at === 'live') found.track.stop();
      return states[role];
    });
    openings.set(role, opening);
    return opening;
  }

  function stop(role: CaptureRole): void {
    turns[role] += 1;
    openings.delete(role);
    const before = states[role];
    if (before.at === 'off') return;
    enter(role, { at: 'off' });
    if (before.at === 'live') before.track.stop();
  }

  function unplugged(role: CaptureRole, track: MediaStreamTrack): void {
    const state = states[role];
    if (closed || state.at !== 'live' || state.track !== track) return;
    states[role] = { at: 'off' };
    void open(role);
  }

  function changed(): void {
    for (const role of allRoles) tell(role);
    for (const role of captureRoles) {
      const state = states[role];
      if (state.at === 'failed' && state.problem === 'missing') void open(role);
    }
  }

  globalThis.navigator?.mediaDevices?.addEventListener('devicechange', changed);

  return {
    state: (role) => states[role],
    open,
    stop,
    async list() {
      const devices = await known();
      return allRoles.flatMap((role) =>
        devicesFor(role, devices).map(({ deviceId, label }) => ({ role, deviceId, label })),
      );
    },
    async choose(role, deviceId) {
      const before = localStorage.getItem(storageKey(role));
      localStorage.setItem(storageKey(role), deviceId);
      if (role === 'speaker') return tell(role);
      await openings.get(role);
      if (states[role].at !== 'live') return void (await open(role));
      const turn = turns[role];
      const found = await acquire(role);
      const wanted = found.at === 'live' && turn === turns[role] && states[role].at === 'live' && !closed;
      if (wanted) return void settle(role, found);
      if (found.at === 'live') found.track.stop();
      else if (before === null) localStorage.removeItem(storageKey(role));
      else localStorage.setItem(storageKey(role), before);
    },
    chosenSpeaker: () => localStorage.getItem(storageKey('speaker')),
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    close() {
      if (closed) return;
      closed = true;
      navigator.mediaDevices?.removeEventListener('devicechange', changed);
      for (const role of captureRoles) stop(role);
      handlers.clear();
    },
  };
}

async function known(): Promise<KnownDevice[]> {
  return (await navigator.mediaDevices?.enumerateDevices()) ?? [];
}

function constraints(
  role: CaptureRole,
  { deviceId, height }: { deviceId: string | null; height: 480 | 720 },
): MediaStreamConstraints {
  const device = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  if (role === 'microphone') {
    const clean = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    return { audio: { ...device, ...clean } };
  }
  if (role !== 'face') return { video: { ...device, width: { ideal: 4096 }, height: { ideal: 3072 } } };
  const width = height === 720 ? 1280 : 640;
  return {
    video: { ...device, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30, max: 30 } },
  };
}

function problemOf(error: unknown): DeviceProblem {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'unknown';
}
