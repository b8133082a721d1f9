export { leftCalls } from './attend.ts';
export { default as AttendedCalls } from './AttendedCalls.vue';
export { endedOf } from './running.ts';
export { default as RunningCalls } from './RunningCalls.vue';
