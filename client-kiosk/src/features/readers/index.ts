export { default as ReaderPanel } from './ReaderPanel.vue';
export { createReaders, type Readers } from './readers.ts';
