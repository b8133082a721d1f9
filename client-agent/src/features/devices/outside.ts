import { onScopeDispose, type ShallowRef } from 'vue';

/**
 * Calls back for every click that is not within the element, nor in a list that a field of it has opened. Not for the
 * press before it: what closes then may move what is pressed from under the pointer, and nothing is clicked.
 */
export function onClickOutside(place: Readonly<ShallowRef<HTMLElement | null>>, handler: () => void): void {
  const onClick = ({ target }: MouseEvent) => {
    if (target instanceof Element && !place.value?.contains(target) && !target.closest('.el-popper')) handler();
  };
  // On its way down, while what was clicked is still where it was.
  document.addEventListener('click', onClick, { capture: true });
  onScopeDispose(() => document.removeEventListener('click', onClick, { capture: true }));
}
