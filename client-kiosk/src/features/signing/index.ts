export { default as PaperList } from './PaperList.vue';
export { default as PaperReading } from './PaperReading.vue';
export { default as SignatureBox } from './SignatureBox.vue';
export { fetchPaper, usePaperFile } from './paper-file.ts';
export { worthTelling } from './reading.ts';
export { useReadAloud } from './aloud.ts';
