import { onScopeDispose, type ShallowRef } from 'vue';

/** Calls back for every press that is not within the element, nor in a list that a field of it has opened. */
export function onClickOutside(place: Readonly<ShallowRef<HTMLElement | null>>, handler: () => void): void {
  const onPress = ({ target }: PointerEvent) => {
    if (target instanceof Element && !place.value?.contains(target) && !target.closest('.el-popper')) handler();
  };
  document.addEventListener('pointerdown', onPress);
  onScopeDispose(() => document.removeEventListener('pointerdown', onPress));
}
