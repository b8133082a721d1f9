export { checkOpen, deviceCheck, forgetCheck } from './checked.ts';
export { default as DeviceCheck } from './DeviceCheck.vue';
export { default as DevicePanel } from './DevicePanel.vue';
export { default as LevelMeter } from './LevelMeter.vue';
export { holdDevices, releaseDevices, restDevices, useDevice, useSpeaker } from './held.ts';
