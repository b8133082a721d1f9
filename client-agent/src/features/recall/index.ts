export { default as DroppedCalls } from './DroppedCalls.vue';
