export { default as AgentPanel } from './AgentPanel.vue';
export { default as BoardPanel } from './BoardPanel.vue';
