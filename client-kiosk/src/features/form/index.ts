import { shallowRef, type Component } from 'vue';

export { default as FormReview } from './FormReview.vue';
export { default as NothingToFill } from './NothingToFill.vue';
export { default as NumberPad } from './NumberPad.vue';
export { fieldsPerPage, formAtToText, pageOf, pagesOf, startOf, type FormAt } from './pages.ts';
export { createSaver, fieldState } from './saver.ts';
export { default as KnownNote } from './KnownNote.vue';
export { cleanTyping, extraKey } from './typing.ts';
export { usePage } from './use-page.ts';

/**
 * Comes with the form renderer, which the first screens can do without. Null: not here yet, and nothing of a form's
 * screen is drawn, or everything would jump when it comes.
 */
export const formPage = shallowRef<Component | null>(null);
const TRY_AGAIN_MS = 2_000;
let coming: Promise<void> | null = null;
/** Fetches it, while the customer reads the consent or with the screen that needs it; tries again until it is here. */
export function bringFormPage(): void {
  coming ??= import('./FormPage.vue').then(
    (loaded) => {
      formPage.value = loaded.default;
    },
    () => {
      coming = null;
      setTimeout(bringFormPage, TRY_AGAIN_MS);
    },
  );
}
