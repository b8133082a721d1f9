export { default as AheadFacts } from './AheadFacts.vue';
