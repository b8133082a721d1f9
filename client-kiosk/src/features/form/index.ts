export { default as FormField } from './FormField.vue';
export { default as FormReview } from './FormReview.vue';
export { default as NothingToFill } from './NothingToFill.vue';
export { default as NumberPad } from './NumberPad.vue';
export { fieldsPerPage, formAtToText, pageOf, pagesOf, startOf, type FormAt } from './pages.ts';
export { createSaver, fieldState } from './saver.ts';
export { shownValue } from './shown-value.ts';
export { cleanTyping, extraKey, isNumeric } from './typing.ts';
