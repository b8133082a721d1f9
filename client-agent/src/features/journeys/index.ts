export { default as JourneyFunnel } from './JourneyFunnel.vue';
