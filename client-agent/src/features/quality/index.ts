export { default as EndedCalls } from './EndedCalls.vue';
export { default as LinkAlerts } from './LinkAlerts.vue';
