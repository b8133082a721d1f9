export { default as PlaceCut } from './PlaceCut.vue';
export { default as ReadingPane } from './ReadingPane.vue';
