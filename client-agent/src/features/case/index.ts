export { default as CaseData } from './CaseData.vue';
export { default as SummaryPane } from './SummaryPane.vue';
export { factsOf } from './facts.ts';
export { default as RevealValue } from './RevealValue.vue';
