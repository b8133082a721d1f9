export { default as FailureNotice } from './FailureNotice.vue';
export { default as LineStrip } from './LineStrip.vue';
