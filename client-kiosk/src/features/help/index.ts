export { default as HelpButton } from './HelpButton.vue';
export { default as HelpStatus } from './HelpStatus.vue';
