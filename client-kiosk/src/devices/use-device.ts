import type { DeviceState } from '@openvtm/rtc/devices';
import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useKiosk } from '../kiosk.ts';

/** The cameras and the microphone of this kiosk, by the part they play. */
export type DevicePart = 'face' | 'document' | 'overview' | 'microphone';

type Device = {
  state: ShallowRef<DeviceState>;
  track: ComputedRef<MediaStreamTrack | null>;
  open(): Promise<void>;
};

/** One device as a component sees it. Nothing is opened or stopped by mounting; the call and the capture do that. */
export function useDevice(part: DevicePart): Device {
  const { devices } = useKiosk();
  const state = shallowRef(devices.state(part));
  onScopeDispose(
    devices.onChange(() => {
      state.value = devices.state(part);
    }),
  );
  const track = computed(() => (state.value.at === 'live' ? state.value.track : null));
  return {
    state,
    track,
    async open() {
      state.value = await devices.open(part);
    },
  };
}
