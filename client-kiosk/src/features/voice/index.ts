export { default as VoiceSwitch } from './VoiceSwitch.vue';
export { canReadAloud, hush, isRendered, loadSounds, readAloud } from './voice.ts';
