export { default as ClockRing } from './ClockRing.vue';
export { default as IdleWarning } from './IdleWarning.vue';
export { useCountdown } from './clock.ts';
