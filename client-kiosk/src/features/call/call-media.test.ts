import { createFakeCallSession, createFakeDevices, createFakeLine, type FakeCallSession } from '@openvtm/rtc/fakes';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCallMedia } from './call-media.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settled = () => vi.advanceTimersByTimeAsync(0);

function someMedia({ engineFails = 0, startFails = 0 } = {}) {
  const sessions: FakeCallSession[] = [];
  const devices = createFakeDevices();
  let [engineFailsLeft, startFailsLeft] = [engineFails, startFails];
  const engine = {
    createCallSession() {
      const session = createFakeCallSession();
      const { start } = session;
      session.start = async () => {
        if (startFailsLeft-- > 0) throw new Error('no media just now');
        await start();
      };
      sessions.push(session);
      return session;
    },
    createQualityReport: () => ({ close() {} }),
  };
  const loadEngine = vi.fn<() => Promise<typeof engine>>(async () => {
    if (engineFailsLeft-- > 0) throw new Error('the network is away');
    return engine;
  });
  const media = createCallMedia({
    line: Promise.resolve(createFakeLine()),
    devices,
    call: () => null,
    serverNow: Date.now,
    loadEngine,
  });
  return { media, sessions, devices, loadEngine };
}

describe('the media of a call', () => {
  test('are loaded and held warm when wanted, behind the curtain', async () => {
    const { media, sessions, loadEngine } = someMedia();
    expect(loadEngine).not.toHaveBeenCalled();
    media.want(true);
    media.want(true);
    await settled();
    expect(sessions).toHaveLength(1);
    expect(media.view.value).toMatchObject({
      state: 'connected',
      sending: { camera: 'curtain', microphone: 'curtain' },
    });
  });

  test('lift the curtain in the very moment they are told to', async () => {
    const { media, sessions } = someMedia();
    media.want(true);
    await settled();
    media.curtain(true);
    expect(sessions[0]!.curtainOpen).toBe(true);
    media.curtain(false);
    expect(sessions[0]!.curtainOpen).toBe(false);
  });

  test('show the document camera only while the curtain is open', async () => {
    const { media, sessions } = someMedia();
    media.document({} as MediaStreamTrack);
    media.want(true);
    await settled();
    expect(media.view.value?.sendsDocument).toBe(false);
    media.curtain(true);
    expect(media.view.value?.sendsDocument).toBe(true);
    media.curtain(false);
    expect(sessions[0]!.sendsDocument).toBe(false);
    media.curtain(true);
    media.document(null);
    expect(sessions[0]!.sendsDocument).toBe(false);
  });

  test('lift it as soon as there is a session, when the call was there first', async () => {
    const { media, sessions } = someMedia();
    media.curtain(true);
    media.want(true);
    await settled();
    expect(sessions[0]!.curtainOpen).toBe(true);
  });

  test('end with the devices off, and the next customer begins behind the curtain', async () => {
    const { media, sessions, devices } = someMedia();
    const stop = vi.spyOn(devices, 'stop');
    media.want(true);
    await settled();
    media.curtain(true);
    media.want(false);
    expect(sessions[0]!.closed).toBe(true);
    expect(media.view.value).toBeNull();
    expect(stop.mock.calls.flat().toSorted()).toEqual(['document', 'face', 'microphone']);
    media.want(true);
    await settled();
    expect(sessions).toHaveLength(2);
    expect(sessions[1]!.curtainOpen).toBe(false);
  });

  test('do not begin when they were given up while the engine was loading', async () => {
    const { media, sessions } = someMedia();
    media.want(true);
    media.want(false);
    await settled();
    expect(sessions).toEqual([]);
  });

  test('begin once when they were given up and wanted again meanwhile', async () => {
    const { media, sessions } = someMedia();
    media.want(true);
    media.want(false);
    media.want(true);
    await settled();
    expect(sessions).toHaveLength(1);
    expect(sessions[0]!.closed).toBe(false);
  });

  test('are tried again when the engine could not be loaded, or not be started', async () => {
    for (const trouble of [{ engineFails: 2 }, { startFails: 2 }]) {
      const { media, sessions } = someMedia(trouble);
      media.want(true);
      await vi.advanceTimersByTimeAsync(7_000);
      expect(sessions).toHaveLength(1);
      expect(media.view.value?.state).toBe('connected');
      media.want(false);
    }
  });

  test('are not tried again after they were given up', async () => {
    const { media, loadEngine } = someMedia({ engineFails: 1 });
    media.want(true);
    await settled();
    media.want(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loadEngine).toHaveBeenCalledTimes(1);
  });
});
