import { defineAsyncComponent } from 'vue';

export { default as FormReview } from './FormReview.vue';
export { default as NothingToFill } from './NothingToFill.vue';
export { default as NumberPad } from './NumberPad.vue';
export { fieldsPerPage, formAtToText, pageOf, pagesOf, startOf, type FormAt } from './pages.ts';
export { createSaver, fieldState } from './saver.ts';
export { default as KnownNote } from './KnownNote.vue';
export { extraKey } from './typing.ts';
export { usePage } from './use-page.ts';

const loadFormPage = () => import('./FormPage.vue');
/** Comes with the form renderer, which the first screens can do without. */
export const FormPage = defineAsyncComponent(loadFormPage);
/** Fetches it while the customer reads the consent. */
export const preloadFormPage = () => void loadFormPage().catch(() => undefined);
