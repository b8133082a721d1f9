export { default as AheadNote } from './AheadNote.vue';
export { default as ReviewsDesk } from './ReviewsDesk.vue';
