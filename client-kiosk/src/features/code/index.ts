export { default as CodeCard } from './CodeCard.vue';
export { default as CodeEntry } from './CodeEntry.vue';
export { default as CodeScanner } from './CodeScanner.vue';
export { default as QrPicture } from './QrPicture.vue';
export { codeScanned, handoverAddress } from './code.ts';
