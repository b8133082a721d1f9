import { type BackgroundDevices, type BackgroundState, withBackground } from '@openvtm/rtc/background';
import { type CleanDevices, type CleanState, withCleanSound } from '@openvtm/rtc/clean-sound';
import { type DeviceProblem, type DeviceRole, type DeviceState, openDevices } from '@openvtm/rtc/devices';
import { computed, type ComputedRef, effectScope, ref, shallowRef, watch } from 'vue';
import { useBackgroundWish } from './background.ts';
import { cleanSoundChosen } from './noise.ts';
import { drawVirtualBackground } from './virtual-background.ts';

const held = shallowRef<BackgroundDevices | null>(null);
const changes = ref(0);
let microphones: CleanDevices | null = null;
let stopListening = () => {};

/** This page's cameras and microphones; opened once and kept until `releaseDevices`. */
export function holdDevices(): BackgroundDevices {
  if (held.value !== null) return held.value;
  const clean = withCleanSound(openDevices(), async (microphone) =>
    (await import('@openvtm/rtc/noise')).takeNoiseOut(microphone),
  );
  const devices = withBackground(clean, drawVirtualBackground);
  microphones = clean;
  const following = effectScope(true);
  // Before anybody can open the camera: what the agent chose holds from its first frame on.
  following.run(() =>
    watch(useBackgroundWish(), (wish) => devices.setBackground(wish), { immediate: true, flush: 'sync' }),
  );
  following.run(() =>
    watch(cleanSoundChosen, (wished) => clean.setCleanSound(wished), { immediate: true, flush: 'sync' }),
  );
  const stopChanges = devices.onChange(() => (changes.value += 1));
  stopListening = () => {
    following.stop();
    stopChanges();
  };
  held.value = devices;
  return devices;
}

/** Whether the microphone is heard without noise. */
export const useCleanSound = (): ComputedRef<CleanState> =>
  computed(() => (changes.value >= 0 ? (microphones?.cleanSound ?? 'off') : 'off'));

/** How the background gets on. */
export const useBackground = (): ComputedRef<BackgroundState> =>
  computed(() => (changes.value >= 0 ? { ...(held.value?.background ?? { at: 'off' }) } : { at: 'off' }));

/** Switches a device on that is off; one that failed waits to be tried by hand. */
export function openDevice(role: 'face' | 'microphone'): void {
  const devices = holdDevices();
  if (devices.state(role).at === 'off') void devices.open(role);
}

/** Switches camera or microphone off; its light goes out. */
export function restDevice(role: 'face' | 'microphone'): void {
  held.value?.stop(role);
}

export function releaseDevices(): void {
  stopListening();
  stopListening = () => {};
  held.value?.close();
  held.value = null;
  microphones = null;
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

/** Goes over to a device at once; why not, where it does not open. */
export async function chooseDevice(role: DeviceRole, deviceId: string): Promise<DeviceProblem | null> {
  const problem = await holdDevices().choose(role, deviceId);
  // For what `useSpeaker` shows.
  changes.value += 1;
  return problem;
}

/** Counts up whenever a device came, went or changed. */
export const deviceChanges = computed(() => changes.value);

/** The devices that there are for a role, as they come and go. */
export function useKnownDevices(): (role: DeviceRole) => { deviceId: string; label: string }[] {
  const known = ref<{ role: DeviceRole; deviceId: string; label: string }[]>([]);
  watch(deviceChanges, async () => (known.value = await holdDevices().list()), { immediate: true });
  return (role) => known.value.filter((device) => device.role === role);
}
