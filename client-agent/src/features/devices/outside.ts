import { onScopeDispose, type ShallowRef } from 'vue';

/** Calls back for every press that is not within the element. */
export function onClickOutside(place: Readonly<ShallowRef<HTMLElement | null>>, handler: () => void): void {
  const onPress = ({ target }: PointerEvent) => {
    if (target instanceof Node && !place.value?.contains(target)) handler();
  };
  document.addEventListener('pointerdown', onPress);
  onScopeDispose(() => document.removeEventListener('pointerdown', onPress));
}
