/** Comes after the first load: nobody meets it before a call. */
export { default as CaptionLines } from './CaptionLines.vue';
export { default as HearingBar } from './HearingBar.vue';
