export { default as SheetPane } from './SheetPane.vue';
export { default as SheetList } from './SheetList.vue';
