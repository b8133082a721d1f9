export { default as CatalogueTable } from './CatalogueTable.vue';
export { default as CoreSimulator } from './CoreSimulator.vue';
