import { type DeviceRole, type Devices, type DeviceState, openDevices } from '@openvtm/rtc/devices';
import { computed, type ComputedRef, ref, shallowRef } from 'vue';

const held = shallowRef<Devices | null>(null);
const changes = ref(0);
let stopListening = () => {};

/** This page's cameras and microphones; opened once and kept until `releaseDevices`. */
export function holdDevices(): Devices {
  if (held.value !== null) return held.value;
  const devices = openDevices();
  stopListening = devices.onChange(() => (changes.value += 1));
  held.value = devices;
  return devices;
}

/** Switches camera and microphone off; their lights go out. */
export function restDevices(): void {
  held.value?.stop('face');
  held.value?.stop('microphone');
}

export function releaseDevices(): void {
  stopListening();
  stopListening = () => {};
  held.value?.close();
  held.value = null;
  changes.value += 1;
}

/** The state of a device as the screen shows it. */
export function useDevice(role: 'face' | 'microphone'): ComputedRef<DeviceState> {
  return computed(() => {
    // `changes` is read so that this is computed again: what the device holds is not reactive.
    const state = changes.value >= 0 ? held.value?.state(role) : undefined;
    return state === undefined ? { at: 'off' } : { ...state };
  });
}

/** The chosen loudspeaker's deviceId; null is the system's. */
export const useSpeaker = (): ComputedRef<string | null> =>
  computed(() => (changes.value >= 0 ? (held.value?.chosenSpeaker() ?? null) : null));

/** Says that something was chosen, for what `useSpeaker` shows. */
export async function chooseDevice(role: DeviceRole, deviceId: string): Promise<void> {
  await holdDevices().choose(role, deviceId);
  changes.value += 1;
}

/** Counts up whenever a device came, went or changed. */
export const deviceChanges = computed(() => changes.value);
