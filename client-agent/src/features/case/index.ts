export { default as CaseData } from './CaseData.vue';
export { default as SummaryPane } from './SummaryPane.vue';
