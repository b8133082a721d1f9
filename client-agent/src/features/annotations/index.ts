export { default as MarkLayer } from './MarkLayer.vue';
export { default as MarkTools } from './MarkTools.vue';
export { default as MarkWords } from './MarkWords.vue';
export { createMarking } from './marking.ts';
