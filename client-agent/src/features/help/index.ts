export { useHelpAlarm } from './alarm.ts';
export { default as CallAgent } from './CallAgent.vue';
export { default as HelpList } from './HelpList.vue';
