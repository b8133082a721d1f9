import { expect, test } from 'vitest';
import { withCleanSound, type Cleaned } from './clean-sound.ts';
import type { DeviceState } from './devices.ts';
import { createFakeDevices } from './fakes.ts';

const track = (id: string) => ({ id }) as MediaStreamTrack;
const live = (id: string) => ({ at: 'live', track: track(id), deviceId: id, label: id }) satisfies DeviceState;
const settled = async () => {
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
};

function scene() {
  const inner = createFakeDevices();
  const cleaned: { of: string; closed: boolean; break(): void }[] = [];
  let fails = false;
  const devices = withCleanSound(inner, async (microphone): Promise<Cleaned> => {
    if (fails) throw new Error('no worklet here');
    const one = { of: microphone.id, closed: false, break: () => undefined as void };
    cleaned.push(one);
    return {
      track: track(`clean ${microphone.id}`),
      onBroken: (handler) => (one.break = handler),
      close: () => (one.closed = true),
    };
  });
  const heard = () => {
    const state = devices.state('microphone');
    return state.at === 'live' ? state.track.id : state.at;
  };
  return { inner, devices, cleaned, heard, fail: (on: boolean) => (fails = on) };
}

test('the microphone is its own until it is cleaned, and again when that is not wished for', async () => {
  const { inner, devices, cleaned, heard } = scene();
  inner.enter('microphone', live('a'));
  expect([heard(), devices.cleanSound]).toEqual(['a', 'off']);
  devices.setCleanSound(true);
  expect([heard(), devices.cleanSound]).toEqual(['a', 'starting']);
  await settled();
  expect([heard(), devices.cleanSound]).toEqual(['clean a', 'on']);
  devices.setCleanSound(false);
  expect([heard(), devices.cleanSound, cleaned[0]?.closed]).toEqual(['a', 'off', true]);
});

test('a failure costs quiet, never the voice: at the start, and in the middle of a call', async () => {
  const { inner, devices, cleaned, heard, fail } = scene();
  fail(true);
  devices.setCleanSound(true);
  inner.enter('microphone', live('a'));
  await settled();
  expect([heard(), devices.cleanSound]).toEqual(['a', 'plain']);
  fail(false);
  inner.prepare('microphone', live('a'));
  await devices.open('microphone');
  await settled();
  expect(heard()).toBe('clean a');
  const told: string[] = [];
  devices.onChange((role) => told.push(role));
  cleaned[0]!.break();
  expect([heard(), devices.cleanSound, told]).toEqual(['a', 'plain', ['microphone']]);
});

test('another microphone is cleaned in its turn, and nothing is left behind', async () => {
  const { inner, devices, cleaned, heard } = scene();
  devices.setCleanSound(true);
  inner.enter('microphone', live('a'));
  await settled();
  inner.enter('microphone', live('b'));
  expect(heard()).toBe('b');
  await settled();
  expect(heard()).toBe('clean b');
  inner.enter('microphone', { at: 'off' });
  expect([heard(), cleaned.map(({ closed }) => closed)]).toEqual(['off', [true, true]]);
  inner.enter('microphone', live('c'));
  devices.close();
  await settled();
  expect(cleaned.every(({ closed }) => closed)).toBe(true);
});
