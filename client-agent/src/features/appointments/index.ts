export { default as BranchDay } from './BranchDay.vue';
export { default as PlanEditor } from './PlanEditor.vue';
