import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withBackground, type BackgroundWish, type Drawn } from './background.ts';
import type { DeviceState } from './devices.ts';
import { createFakeDevices } from './fakes.ts';

const FRAMES_MS = 50;
const BLUR: BackgroundWish = { is: 'blur' };

// Of a track nothing is looked at but whether it rests.
const track = (id: string) => ({ id, muted: false, readyState: 'live' }) as unknown as MediaStreamTrack;
const live = (id: string) => ({ at: 'live', track: track(id), deviceId: id, label: id }) satisfies DeviceState;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Devices with one camera, and a drawing that begins and gives frames when it is told to. */
function scene() {
  const inner = createFakeDevices();
  const drawings: { over: MediaStreamTrack; wish: BackgroundWish; closed: boolean; frame: () => void }[] = [];
  let refuses = false;
  const devices = withBackground(inner, async (camera, wish): Promise<Drawn> => {
    if (refuses) throw new Error('no WebAssembly here');
    const one = { over: camera, wish, closed: false, frame: () => undefined as void };
    drawings.push(one);
    return {
      track: track(`covered ${camera.id}`),
      onFrame: (handler) => (one.frame = handler),
      close: () => (one.closed = true),
    };
  });
  const seen: string[] = [];
  devices.onChange((role) => {
    const state = devices.state('face');
    if (role === 'face') seen.push(state.at === 'live' ? state.track.id : state.at);
  });
  const shown = () => {
    const state = devices.state('face');
    if (state.at === 'live') return state.track.id;
    return state.at === 'failed' ? state.problem : state.at;
  };
  const settled = () => vi.advanceTimersByTimeAsync(0);
  /** Draws for so long, a frame each `every` ms. */
  const drawFor = async (ms: number, every = FRAMES_MS) => {
    for (let at = 0; at < ms; at += every) {
      await vi.advanceTimersByTimeAsync(every);
      drawings.at(-1)?.frame();
    }
  };
  return { inner, devices, drawings, seen, shown, settled, drawFor, refuse: (on: boolean) => (refuses = on) };
}

describe('a camera with its background covered', () => {
  test('is the camera itself while nothing is wished for', async () => {
    const { inner, devices, drawings, shown } = scene();
    inner.enter('face', live('a'));
    expect(shown()).toBe('a');
    expect(devices.background).toEqual({ at: 'off' });
    expect(drawings).toEqual([]);
  });

  test('is opening until the first covered frame, from the very moment it is wished for', async () => {
    const { inner, devices, drawings, seen, shown, settled } = scene();
    inner.enter('face', live('a'));
    devices.setBackground(BLUR);
    expect(shown()).toBe('opening');
    await settled();
    expect(shown()).toBe('opening');
    drawings[0]!.frame();
    expect(shown()).toBe('covered a');
    expect(seen).toEqual(['a', 'opening', 'covered a']);
  });

  test('never shows the open picture: not on opening, with another camera, after it was stopped, or unplugged', async () => {
    const { inner, devices, drawings, seen, shown, settled } = scene();
    devices.setBackground(BLUR);
    inner.enter('face', { at: 'opening' });
    inner.enter('face', live('a'));
    await settled();
    drawings[0]!.frame();
    inner.enter('face', live('b'));
    expect(shown()).toBe('opening');
    expect(drawings[0]!.closed).toBe(true);
    await settled();
    drawings[1]!.frame();
    expect(shown()).toBe('covered b');
    inner.enter('face', { at: 'off' });
    expect(drawings[1]!.closed).toBe(true);
    inner.enter('face', live('b'));
    // A frame of the drawing that ended belongs to nothing any more.
    drawings[1]!.frame();
    expect(shown()).toBe('opening');
    await settled();
    drawings[2]!.frame();
    expect(seen.filter((one) => one === 'a' || one === 'b')).toEqual([]);
  });

  test('changes from one background to another without the open picture between', async () => {
    const { inner, devices, drawings, seen, settled } = scene();
    devices.setBackground(BLUR);
    inner.enter('face', live('a'));
    await settled();
    drawings[0]!.frame();
    devices.setBackground({ is: 'picture', url: '/calm.svg' });
    await settled();
    expect(drawings.map(({ wish, closed }) => [wish.is, closed])).toEqual([
      ['blur', true],
      ['picture', false],
    ]);
    drawings[1]!.frame();
    devices.setBackground({ is: 'picture', url: '/calm.svg' });
    expect(drawings).toHaveLength(2);
    expect(seen).not.toContain('a');
    devices.setBackground({ is: 'none' });
    expect(seen.at(-1)).toBe('a');
    expect(drawings[1]!.closed).toBe(true);
  });

  test('is no picture at all when covering is not to be had, until it is tried again or given up', async () => {
    const { inner, devices, drawings, seen, shown, settled, refuse } = scene();
    refuse(true);
    inner.prepare('face', live('a'));
    devices.setBackground(BLUR);
    expect(await devices.open('face')).toEqual({ at: 'failed', problem: 'background' });
    expect(devices.background).toEqual({ at: 'stopped', why: 'failed' });
    refuse(false);
    const opening = devices.open('face');
    await settled();
    drawings[0]!.frame();
    expect(await opening).toMatchObject({ at: 'live', track: { id: 'covered a' } });
    refuse(true);
    devices.setBackground({ is: 'picture', url: '/calm.svg' });
    await settled();
    expect(shown()).toBe('background');
    expect(seen).not.toContain('a');
    devices.setBackground({ is: 'none' });
    expect(shown()).toBe('a');
  });

  test('stops by itself when no first frame comes', async () => {
    const { inner, devices, shown } = scene();
    devices.setBackground(BLUR);
    inner.enter('face', live('a'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(shown()).toBe('background');
    expect(devices.background).toEqual({ at: 'stopped', why: 'failed' });
  });

  test('stops by itself where the machine is too slow, and says how fast it is until then', async () => {
    const { inner, devices, drawings, shown, settled, drawFor } = scene();
    devices.setBackground(BLUR);
    inner.enter('face', live('a'));
    await settled();
    drawings[0]!.frame();
    await drawFor(4_000);
    expect(devices.background).toMatchObject({ at: 'on' });
    expect((devices.background as { framesPerSecond: number }).framesPerSecond).toBeCloseTo(20, -1);
    await drawFor(7_000, 500);
    expect(devices.background).toEqual({ at: 'stopped', why: 'slow' });
    expect(shown()).toBe('background');
    expect(drawings[0]!.closed).toBe(true);
  });

  test('says that it failed when the drawing stands still', async () => {
    const { inner, devices, drawings, settled, drawFor } = scene();
    devices.setBackground(BLUR);
    inner.enter('face', live('a'));
    await settled();
    drawings[0]!.frame();
    await drawFor(2_000);
    await vi.advanceTimersByTimeAsync(7_000);
    expect(devices.background).toEqual({ at: 'stopped', why: 'failed' });
  });

  test('leaves nothing behind when it is closed, while it begins too', async () => {
    for (const first of [true, false]) {
      const { inner, devices, drawings, settled } = scene();
      devices.setBackground(BLUR);
      inner.enter('face', live('a'));
      if (first) await settled();
      devices.close();
      devices.close();
      await settled();
      expect(drawings.every(({ closed }) => closed)).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});
