export { editInput, insert } from './edit.ts';
export { default as TouchKeyboard } from './TouchKeyboard.vue';
