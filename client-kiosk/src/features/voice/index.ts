export { default as VoiceSwitch } from './VoiceSwitch.vue';
