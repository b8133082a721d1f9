export { default as QueueRules } from './QueueRules.vue';
