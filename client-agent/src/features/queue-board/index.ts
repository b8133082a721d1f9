export { default as QueueBoard } from './QueueBoard.vue';
