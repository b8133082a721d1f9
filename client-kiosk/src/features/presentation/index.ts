export { default as ChoiceRow } from './ChoiceRow.vue';
export { default as LanguageSwitch } from './LanguageSwitch.vue';
export { default as PrintSwitch } from './PrintSwitch.vue';
export { default as SwitchButton } from './SwitchButton.vue';
