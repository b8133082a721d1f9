import { onScopeDispose, ref } from 'vue';
import { onBeforeRouteLeave, useRouter } from 'vue-router';

/** Asks before somebody leaves the area, or closes the tab, while `isUnsaved`. */
export function useLeaveGuard(isUnsaved: () => boolean) {
  const router = useRouter();
  /** Where it was meant to go; null: nobody is leaving. */
  const leavingTo = ref<string | null>(null);
  let sure = false;

  onBeforeRouteLeave((to) => {
    if (sure || !isUnsaved()) return true;
    leavingTo.value = to.fullPath;
    return false;
  });
  const onUnload = (event: BeforeUnloadEvent) => {
    if (isUnsaved()) event.preventDefault();
  };
  addEventListener('beforeunload', onUnload);
  onScopeDispose(() => removeEventListener('beforeunload', onUnload));

  return {
    leavingTo,
    leave() {
      sure = true;
      if (leavingTo.value !== null) void router.push(leavingTo.value);
    },
    stay: () => (leavingTo.value = null),
  };
}
