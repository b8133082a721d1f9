import {
  capture,
  knownDevices,
  type Captured,
  type CaptureRole,
  type DeviceProblem,
  type DeviceState,
} from './device-capture.ts';
import { chooseDevice, devicesFor } from './device-choice.ts';
import type { DeviceRole } from './device-choice.ts';
import { watchPermissions, type Permitted } from './device-permission.ts';
import { ASLEEP_AFTER_MS, watchTrack } from './device-track.ts';

export type { CaptureRole, DeviceProblem, DeviceState } from './device-capture.ts';
export type { DeviceRole } from './device-choice.ts';
export { watchLevel } from './level.ts';
export { takeStill } from './still.ts';

export interface Devices {
  state(role: CaptureRole): DeviceState;
  /** Opens (or re-opens) the role's device; never rejects, the state says how it went. */
  open(role: CaptureRole): Promise<DeviceState>;
  stop(role: CaptureRole): void;
  /** What there is, by role: every camera is listed for the face and for documents. Empty before permission is given. */
  list(): Promise<{ role: DeviceRole; deviceId: string; label: string }[]>;
  /**
   * Remembers the device for the role and swaps a live one at once. Why not, where it does not open: then the old one
   * stays, and what was remembered before.
   */
  choose(role: DeviceRole, deviceId: string): Promise<DeviceProblem | null>;
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
const permittedBy = (role: CaptureRole): Permitted => (role === 'microphone' ? 'microphone' : 'camera');

/** Opens by itself once another program lets go of it, or it wakes. */
const PASSES: ReadonlySet<DeviceProblem> = new Set(['busy', 'asleep']);
/** May be over when a device has come or gone. */
const HANGS_ON_DEVICES: ReadonlySet<DeviceProblem> = new Set(['missing', 'busy', 'asleep', 'unknown']);
const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 30_000;
/** A device that is tried again in silence may take as long to wake: one that is switched on is heard at once. */
const PATIENCE_MS = 30_000;

/** One role's device, and what is under way for it. */
type Slot = {
  state: DeviceState;
  /** Ends when something newer begins or the role is stopped: a device that opens after that is let go again. */
  attempt: AbortController | null;
  opening: Promise<DeviceState> | null;
  /** A device came or went during the attempt. */
  lookAgain: boolean;
  retry: ReturnType<typeof setTimeout> | undefined;
  retries: number;
  /** deviceId of what went while in use: what it is gone back to, unless another was chosen. */
  home: string | null;
  unwatch: () => void;
};
const empty = (): Slot => ({
  state: { at: 'off' },
  attempt: null,
  opening: null,
  lookAgain: false,
  retry: undefined,
  retries: 0,
  home: null,
  unwatch: () => undefined,
});

/**
 * `height`: capture height of the face camera (default 720; 480 for weak PCs). Documents get all that the camera has.
 * What can be found again is: a device that was unplugged (another stands in until it is back), fell asleep, was in use
 * elsewhere or was not allowed. The state says what cannot.
 */
export function openDevices({ height = 720 }: { height?: 480 | 720 } = {}): Devices {
  const slots: Record<CaptureRole, Slot> = { face: empty(), document: empty(), overview: empty(), microphone: empty() };
  const handlers = new Set<(role: DeviceRole) => void>();
  let closed = false;

  const tell = (role: DeviceRole) => {
    for (const handler of [...handlers]) handler(role);
  };
  function enter(role: CaptureRole, next: DeviceState): DeviceState {
    slots[role].state = next;
    tell(role);
    return next;
  }
  const remembered = (role: CaptureRole) => localStorage.getItem(storageKey(role)) ?? slots[role].home;

  /** The camera of another role, or what was chosen for it while it is off. */
  function takenBy(role: CaptureRole): string | null {
    const { state } = slots[role];
    return state.at === 'live' ? state.deviceId : localStorage.getItem(storageKey(role));
  }

  /** Ends what is under way for a role and whatever would begin by itself. */
  function calm(slot: Slot): void {
    slot.attempt?.abort();
    slot.attempt = null;
    slot.opening = null;
    slot.lookAgain = false;
    clearTimeout(slot.retry);
  }

  /** null: something newer began meanwhile. */
  async function attempt(role: CaptureRole, patience: number): Promise<Captured | null> {
    const slot = slots[role];
    calm(slot);
    const mine = new AbortController();
    slot.attempt = mine;
    const found = await capture(role, {
      choose: (known) =>
        chooseDevice(role, known, {
          remembered: remembered(role),
          otherCameras: cameraRoles.flatMap((one) => (one === role ? [] : (takenBy(one) ?? []))),
        }),
      height,
      patience,
      signal: mine.signal,
    });
    if (mine.signal.aborted) {
      if (found.at === 'live') found.track.stop();
      return null;
    }
    slot.attempt = null;
    return found;
  }

  function later(slot: Slot, then: () => void): void {
    slot.retry = setTimeout(then, Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** slot.retries));
    slot.retries += 1;
  }

  function settle(role: CaptureRole, found: Captured): DeviceState {
    const slot = slots[role];
    const before = slot.state;
    slot.unwatch();
    if (found.at === 'live') {
      slot.retries = 0;
      if (found.deviceId === slot.home) slot.home = null;
      slot.unwatch = watchTrack(found.track, { onEnded: () => lose(role), onAsleep: () => wake(role) });
    } else if (PASSES.has(found.problem)) later(slot, () => void retry(role));
    const isOld = found.at === 'failed' && before.at === 'failed' && found.problem === before.problem;
    if (!isOld) enter(role, found);
    // Only now, so that whoever sends the old track has been told of the new one.
    if (before.at === 'live') before.track.stop();
    if (slot.lookAgain) look(role);
    return slot.state;
  }

  async function open(role: CaptureRole): Promise<DeviceState> {
    const slot = slots[role];
    if (closed) return slot.state;
    if (slot.opening !== null) return slot.opening;
    const opening = attempt(role, ASLEEP_AFTER_MS).then((found) => {
      if (found === null) return slot.state;
      slot.opening = null;
      return settle(role, found);
    });
    slot.opening = opening;
    if (slot.state.at !== 'live') enter(role, { at: 'opening' });
    return opening;
  }

  /** Without a word: what is said of the device stands until it is there. */
  async function retry(role: CaptureRole): Promise<void> {
    const found = await attempt(role, PATIENCE_MS);
    if (found !== null) settle(role, found);
  }

  /** Goes over to what is remembered; if that does not open, the device in use stays. */
  async function swap(role: CaptureRole): Promise<DeviceProblem | null> {
    const found = await attempt(role, ASLEEP_AFTER_MS);
    if (found?.at === 'live') settle(role, found);
    else if (found !== null && slots[role].lookAgain) look(role);
    return found?.at === 'failed' ? found.problem : null;
  }

  function letGo(role: CaptureRole, next: DeviceState): void {
    const slot = slots[role];
    const before = slot.state;
    calm(slot);
    slot.retries = 0;
    slot.unwatch();
    if (before.at !== next.at) enter(role, next);
    if (before.at === 'live') before.track.stop();
  }

  function lose(role: CaptureRole): void {
    const slot = slots[role];
    if (slot.state.at === 'live') slot.home = slot.state.deviceId;
    slot.state = { at: 'off' };
    calm(slot);
    void open(role);
  }

  /** Anew, as a person would: a device that sleeps gives its sleep to whoever else opens it. */
  function wake(role: CaptureRole): void {
    const before = slots[role].state;
    lose(role);
    if (before.at === 'live') before.track.stop();
  }

  /** Looks whether what there is now is better than what is in use. */
  function look(role: CaptureRole): void {
    const slot = slots[role];
    slot.lookAgain = slot.attempt !== null;
    if (slot.lookAgain) return;
    if (slot.state.at === 'failed' && HANGS_ON_DEVICES.has(slot.state.problem)) void retry(role);
    if (slot.state.at === 'live') void goHome(role, slot.state.deviceId);
  }

  async function goHome(role: CaptureRole, from: string): Promise<void> {
    const home = remembered(role);
    if (home === null || home === from) return;
    const known = await knownDevices().catch(() => []);
    const slot = slots[role];
    const isStill = slot.state.at === 'live' && slot.state.deviceId === from && slot.attempt === null;
    if (!isStill || !devicesFor(role, known).some(({ deviceId }) => deviceId === home)) return;
    const problem = await swap(role);
    // A headset is in the list a moment before it can be opened.
    if (problem !== null && PASSES.has(problem)) later(slot, () => look(role));
  }

  function changed(): void {
    for (const role of allRoles) tell(role);
    for (const role of captureRoles) look(role);
  }

  function permitted(what: Permitted, state: PermissionState): void {
    for (const role of captureRoles.filter((one) => permittedBy(one) === what)) {
      const { state: now } = slots[role];
      if (state === 'granted' && now.at === 'failed' && now.problem === 'refused') void open(role);
      if (state === 'denied' && (now.at === 'live' || now.at === 'opening'))
        letGo(role, { at: 'failed', problem: 'refused' });
    }
  }

  const unwatchPermissions = watchPermissions(permitted);
  globalThis.navigator?.mediaDevices?.addEventListener('devicechange', changed);

  return {
    state: (role) => slots[role].state,
    open,
    stop: (role) => letGo(role, { at: 'off' }),
    async list() {
      const devices = await knownDevices();
      return allRoles.flatMap((role) =>
        devicesFor(role, devices).map(({ deviceId, label }) => ({ role, deviceId, label })),
      );
    },
    async choose(role, deviceId) {
      const before = localStorage.getItem(storageKey(role));
      localStorage.setItem(storageKey(role), deviceId);
      if (role === 'speaker') {
        tell(role);
        return null;
      }
      await slots[role].opening;
      if (slots[role].state.at !== 'live') {
        const state = await open(role);
        return state.at === 'failed' ? state.problem : null;
      }
      const problem = await swap(role);
      if (problem === null) return null;
      if (before === null) localStorage.removeItem(storageKey(role));
      else localStorage.setItem(storageKey(role), before);
      return problem;
    },
    chosenSpeaker: () => localStorage.getItem(storageKey('speaker')),
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    close() {
      if (closed) return;
      closed = true;
      unwatchPermissions();
      navigator.mediaDevices?.removeEventListener('devicechange', changed);
      for (const role of captureRoles) letGo(role, { at: 'off' });
      handlers.clear();
    },
  };
}
