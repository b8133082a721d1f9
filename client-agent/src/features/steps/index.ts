export { default as StepsPane } from './StepsPane.vue';
