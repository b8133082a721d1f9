export { default as BranchKiosks } from './BranchKiosks.vue';
export { default as ConnectionTest } from './ConnectionTest.vue';
