export { default as AskField } from './AskField.vue';
export { default as CustomerHere } from './CustomerHere.vue';
