export { default as LanguageSwitch } from './LanguageSwitch.vue';
export { default as PrintSwitch } from './PrintSwitch.vue';
export { default as RefusedNote } from './RefusedNote.vue';
export { stateTones } from './state-tones.ts';
