export { default as CaptionSwitch } from './CaptionSwitch.vue';
export { default as HearingPane } from './HearingPane.vue';
