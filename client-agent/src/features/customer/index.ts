export { default as CustomerPane } from './CustomerPane.vue';
