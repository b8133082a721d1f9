export { useHelpAlarm } from './alarm.ts';
export { default as HelpList } from './HelpList.vue';
