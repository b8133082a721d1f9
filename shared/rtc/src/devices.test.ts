import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDevices, type CaptureRole, type Devices } from './devices.ts';

/** A track as the browser's: it ends, rests and wakes when it is told to. */
class FakeTrack extends EventTarget {
  muted = false;
  stopped = false;
  readonly kind: 'audio' | 'video';
  readonly deviceId: string;
  constructor(kind: 'audio' | 'video', deviceId: string) {
    super();
    this.kind = kind;
    this.deviceId = deviceId;
  }
  get label() {
    return `label of ${this.deviceId}`;
  }
  getSettings() {
    return { deviceId: this.deviceId };
  }
  stop() {
    this.stopped = true;
  }
  end() {
    this.stopped = true;
    this.dispatchEvent(new Event('ended'));
  }
  rest(muted: boolean) {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
  watchers() {
    return ['mute', 'unmute', 'ended'].flatMap((type) => getEventListeners(this, type)).length;
  }
}

class FakePermission extends EventTarget {
  state: PermissionState = 'granted';
  set(state: PermissionState) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

type Machine = ReturnType<typeof machine>;
let here: Machine;
let devices: Devices;

/** A browser whose devices come, go, sleep and are refused. */
function machine() {
  const present = new Map<string, MediaDeviceKind>();
  const errors = new Map<string, string>();
  const asleep = new Set<string>();
  const tracks: FakeTrack[] = [];
  const permissions = { camera: new FakePermission(), microphone: new FakePermission() };
  const mediaDevices = Object.assign(new EventTarget(), {
    enumerateDevices: async () => [...present].map(([deviceId, kind]) => ({ deviceId, kind, label: deviceId })),
    async getUserMedia(wish: MediaStreamConstraints) {
      const isCamera = wish.video !== undefined;
      const of = (isCamera ? wish.video : wish.audio) as { deviceId?: { exact: string } };
      const kind = isCamera ? 'videoinput' : 'audioinput';
      const deviceId = of.deviceId?.exact ?? [...present].find((one) => one[1] === kind)?.[0];
      const error = permissions[isCamera ? 'camera' : 'microphone'].state === 'denied' && 'NotAllowedError';
      if (error) throw new DOMException('', error);
      if (deviceId === undefined || present.get(deviceId) !== kind) throw new DOMException('', 'NotFoundError');
      const wrong = errors.get(deviceId);
      if (wrong !== undefined) throw new DOMException('', wrong);
      const track = new FakeTrack(isCamera ? 'video' : 'audio', deviceId);
      track.muted = asleep.has(deviceId);
      tracks.push(track);
      return { getTracks: () => [track] };
    },
  });
  const kept = new Map<string, string>();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', {
    mediaDevices,
    permissions: { query: async ({ name }: { name: 'camera' | 'microphone' }) => permissions[name] },
  });
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  const change = () => mediaDevices.dispatchEvent(new Event('devicechange'));
  return {
    mediaDevices,
    permissions,
    errors,
    asleep,
    tracks,
    kept,
    change,
    plug(deviceId: string, kind: MediaDeviceKind) {
      present.set(deviceId, kind);
      change();
    },
    unplug(deviceId: string) {
      present.delete(deviceId);
      const used = tracks.find((one) => one.deviceId === deviceId && !one.stopped);
      used?.end();
      change();
    },
    using: () => tracks.filter((one) => !one.stopped).map(({ deviceId }) => deviceId),
  };
}

const soon = () => vi.advanceTimersByTimeAsync(0);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
function is(role: CaptureRole): string {
  const state = devices.state(role);
  return state.at === 'live' ? state.deviceId : state.at === 'failed' ? state.problem : state.at;
}

beforeEach(async () => {
  vi.useFakeTimers();
  here = machine();
  for (const id of ['one', 'two']) here.plug(id, 'videoinput');
  for (const id of ['built-in', 'headset']) here.plug(id, 'audioinput');
  devices = openDevices();
  await soon();
});
afterEach(() => {
  devices.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe.for([
  { role: 'face', first: 'one', other: 'two', kind: 'videoinput', what: 'camera' },
  { role: 'microphone', first: 'built-in', other: 'headset', kind: 'audioinput', what: 'microphone' },
] as const)('$role', ({ role, first, other, kind, what }) => {
  test('gives nothing for 3 s: it is opened anew, the old track let go first', async () => {
    await devices.open(role);
    here.tracks[0]!.rest(true);
    await pass(2_900);
    expect(here.tracks).toHaveLength(1);
    await pass(100);
    expect(is(role)).toBe(first);
    expect(here.tracks.map(({ stopped }) => stopped)).toEqual([true, false]);
    expect(here.tracks[0]!.watchers()).toBe(0);
  });

  test('gives nothing for a moment: nothing is done', async () => {
    await devices.open(role);
    here.tracks[0]!.rest(true);
    await pass(2_000);
    here.tracks[0]!.rest(false);
    await pass(10_000);
    expect(here.tracks).toHaveLength(1);
  });

  test('sleeps on after it was opened anew: that is said, and it is back as soon as it wakes', async () => {
    await devices.open(role);
    here.asleep.add(first);
    here.tracks[0]!.rest(true);
    await pass(3_000);
    expect(is(role)).toBe('opening');
    await pass(3_000);
    expect(is(role)).toBe('asleep');
    const told: string[] = [];
    devices.onChange((one) => told.push(`${one} ${is(role)}`));
    await pass(10_000);
    // It is tried in silence: what was said of it stands.
    expect(told).toEqual([]);
    here.tracks.at(-1)!.rest(false);
    await soon();
    expect(told).toEqual([`${role} ${first}`]);
    expect(here.using()).toEqual([first]);
  });

  test('in use elsewhere: tried again after 1, 2, 4 s, and when a device has come or gone', async () => {
    here.errors.set(first, 'NotReadableError');
    await devices.open(role);
    expect(is(role)).toBe('busy');
    const asked = vi.spyOn(here.mediaDevices, 'getUserMedia');
    for (const [ms, times] of [
      [900, 0],
      [100, 1],
      [1_900, 1],
      [100, 2],
      [4_000, 3],
    ] as const) {
      await pass(ms);
      expect(asked).toHaveBeenCalledTimes(times);
    }
    here.errors.clear();
    here.change();
    await soon();
    expect(is(role)).toBe(first);
    await pass(60_000);
    expect(asked).toHaveBeenCalledTimes(4);
  });

  test('forbidden in use, and allowed again', async () => {
    await devices.open(role);
    here.permissions[what].set('denied');
    expect(is(role)).toBe('refused');
    expect(here.using()).toEqual([]);
    // The other of the two is another matter.
    here.permissions[what === 'camera' ? 'microphone' : 'camera'].set('granted');
    await soon();
    expect(is(role)).toBe('refused');
    here.permissions[what].set('granted');
    await soon();
    expect(is(role)).toBe(first);
  });

  test('allowed again after it was switched off: it stays off', async () => {
    here.permissions[what].state = 'denied';
    await devices.open(role);
    expect(is(role)).toBe('refused');
    devices.stop(role);
    here.permissions[what].set('granted');
    await soon();
    expect(is(role)).toBe('off');
  });

  test('chosen, unplugged and back: another stands in meanwhile', async () => {
    await devices.open(role);
    await devices.choose(role, other);
    expect(is(role)).toBe(other);
    here.unplug(other);
    await soon();
    expect(is(role)).toBe(first);
    here.plug(other, kind);
    await soon();
    expect(is(role)).toBe(other);
    expect(here.using()).toEqual([other]);
    expect(here.kept.get(`openvtm.device.${role}`)).toBe(other);
  });

  test('unplugged and back without having been chosen', async () => {
    await devices.open(role);
    here.unplug(first);
    await soon();
    expect(is(role)).toBe(other);
    here.plug(first, kind);
    await soon();
    expect(is(role)).toBe(first);
  });

  test('back, and not ready at once: it is tried again, and what stands in stays meanwhile', async () => {
    await devices.choose(role, other);
    here.unplug(other);
    await soon();
    here.errors.set(other, 'NotReadableError');
    here.plug(other, kind);
    await soon();
    expect(is(role)).toBe(first);
    here.errors.clear();
    await pass(1_000);
    expect(is(role)).toBe(other);
    expect(here.using()).toEqual([other]);
  });

  test('one that does not open when it is chosen: the old one stays, and is remembered', async () => {
    await devices.choose(role, first);
    here.errors.set(other, 'NotReadableError');
    expect(await devices.choose(role, other)).toBe('busy');
    expect(is(role)).toBe(first);
    expect(here.kept.get(`openvtm.device.${role}`)).toBe(first);
    here.change();
    await pass(60_000);
    expect(is(role)).toBe(first);
  });

  test('of two choices at once the later one holds', async () => {
    await devices.open(role);
    const both = [devices.choose(role, other), devices.choose(role, first)];
    expect(await Promise.all(both)).toEqual([null, null]);
    expect(is(role)).toBe(first);
    expect(here.using()).toEqual([first]);
  });

  test('closed in whatever state: no timer, no listener and no open device is left', async () => {
    const ways: (() => Promise<unknown>)[] = [
      () => devices.open(role),
      async () => {
        await devices.open(role);
        here.tracks.at(-1)!.rest(true);
      },
      async () => {
        here.asleep.add(first);
        void devices.open(role);
        await pass(1_000);
      },
      async () => {
        here.asleep.add(first);
        void devices.open(role);
        // Until it is tried again, and waits for it to wake.
        await pass(5_000);
      },
      async () => {
        here.errors.set(first, 'NotReadableError');
        await devices.open(role);
      },
      async () => void devices.open(role),
    ];
    for (const way of ways) {
      devices.close();
      here.asleep.clear();
      here.errors.clear();
      devices = openDevices();
      await soon();
      await way();
      devices.close();
      await soon();
      expect(is(role)).toBe('off');
      expect(vi.getTimerCount()).toBe(0);
      expect(here.using()).toEqual([]);
      expect(here.tracks.map((track) => track.watchers()).filter((count) => count > 0)).toEqual([]);
      expect(getEventListeners(here.mediaDevices, 'devicechange')).toHaveLength(0);
      expect(getEventListeners(here.permissions[what], 'change')).toHaveLength(0);
    }
  });
});

test('a camera that was chosen for one role is not taken for another, also while it is off', async () => {
  await devices.choose('face', 'one');
  devices.stop('face');
  await devices.open('document');
  expect(is('document')).toBe('two');
});
