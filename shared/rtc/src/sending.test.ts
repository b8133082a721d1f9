import { expect, test } from 'vitest';
import type { DeviceState } from './devices.ts';
import { wanted } from './sending.ts';

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
