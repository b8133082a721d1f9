export { default as DocumentsPane } from './DocumentsPane.vue';
