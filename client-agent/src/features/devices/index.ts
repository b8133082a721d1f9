export { checkOpen, deviceCheck, forgetCheck, isChecking } from './checked.ts';
export { default as BackgroundStopped } from './BackgroundStopped.vue';
export { default as CallDevices } from './CallDevices.vue';
export { default as DeviceCheck } from './DeviceCheck.vue';
export { default as DeviceTroubles } from './DeviceTroubles.vue';
export { default as DevicePanel } from './DevicePanel.vue';
export { default as LevelMeter } from './LevelMeter.vue';
export { holdDevices, openDevice, releaseDevices, restDevice, useDevice, useSpeaker } from './held.ts';
