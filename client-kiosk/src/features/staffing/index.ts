export { default as QuietTimes } from './QuietTimes.vue';
