export { default as CallBacks } from './CallBacks.vue';
