import { expect, test } from 'vitest';
import type { Device } from 'mediasoup-client';
import type { Transport } from 'mediasoup-client/types';
import type { Devices, DeviceState } from './devices.ts';
import type { Line } from './line.ts';
import { createSending, wanted } from './sending.ts';

// wanted() looks at nothing of a track.
const live = { at: 'live', track: {} as MediaStreamTrack, deviceId: 'a', label: '' } satisfies DeviceState;
const failed: DeviceState = { at: 'failed', problem: 'refused' };
const opening: DeviceState = { at: 'opening' };

test('a device goes out only while nothing hides it', () => {
  expect(wanted({ device: live, hidden: false, sent: 'none' })).toBe('live');
  expect(wanted({ device: live, hidden: true, sent: 'live' })).toBe('curtain');
});

test('a device that is refused or missing sends nothing, not even the placeholder', () => {
  expect(wanted({ device: failed, hidden: true, sent: 'curtain' })).toBe('none');
  expect(wanted({ device: failed, hidden: false, sent: 'live' })).toBe('none');
});

test('a device that is being found again leaves the placeholder in its place, if anything was sent', () => {
  expect(wanted({ device: opening, hidden: false, sent: 'live' })).toBe('curtain');
  expect(wanted({ device: opening, hidden: false, sent: 'none' })).toBe('none');
});

test('who mutes while the microphone is still on its way to the server is silent at once', () => {
  const track = { enabled: true } as MediaStreamTrack;
  const microphone: DeviceState = { at: 'live', track, deviceId: 'm', label: '' };
  const sending = createSending({
    line: {} as Line,
    devices: {
      state: (role) => (role === 'microphone' ? microphone : failed),
      onChange: () => () => undefined,
    } as Pick<Devices, 'state' | 'onChange'> as Devices,
    curtain: 'none',
    onChange: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  // A line that is lost gives no answer.
  const transport = { closed: false, produce: () => new Promise(() => undefined) } as unknown as Transport;
  void sending.use(transport, {} as Device);
  sending.setMuted('microphone', true);
  expect(track.enabled).toBe(false);
  sending.setMuted('microphone', false);
  expect(track.enabled).toBe(true);
  sending.close();
});
