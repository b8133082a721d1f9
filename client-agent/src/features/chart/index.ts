export { default as DrawnChart } from './DrawnChart.vue';
export { colours } from './colours.ts';
