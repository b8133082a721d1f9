export { default as StaffingPlan } from './StaffingPlan.vue';
