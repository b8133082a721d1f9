export { default as DocumentList } from './DocumentList.vue';
export { default as DocumentsPane } from './DocumentsPane.vue';
export { default as ReviewPane } from './ReviewPane.vue';
export type { Reviewing } from './reviewing.ts';
export { type Selection, selectionAfter } from './selection.ts';
