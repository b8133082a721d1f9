export { default as ExplainPanel } from './ExplainPanel.vue';
export { whyWords } from './explain.ts';
