export { default as ElderServices } from './ElderServices.vue';
export { default as ServiceChoice } from './ServiceChoice.vue';
export { useChoice } from './use-choice.ts';
