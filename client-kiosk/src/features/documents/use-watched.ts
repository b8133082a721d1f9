import type { CameraRole } from '@openvtm/protocol';
import { computed, onScopeDispose, watchEffect, type ComputedRef } from 'vue';
import { useKiosk } from '../../kiosk.ts';
import { useKioskStore } from '../../store.ts';

/**
 * Lets the teller of a running call see how a page lies while it is aimed at. The face camera is seen all along; every
 * other one only as long as this lives, and not on hold. `rests`: the last frame stays for a moment.
 */
export function useWatched({
  camera,
  track,
  rests,
}: {
  camera: CameraRole;
  track: () => MediaStreamTrack | null;
  rests: () => boolean;
}): {
  /** Whether the teller sees the camera; null: there is no call, or it is the face's. */
  seen: ComputedRef<boolean | null>;
} {
  const { media } = useKiosk();
  const store = useKioskStore();
  const call = computed(() => (camera === 'face' ? null : (store.snapshot?.call ?? null)));

  watchEffect(() => {
    const now = track();
    const shown = call.value !== null && call.value.held === null && now !== null;
    media.document(shown ? (rests() ? 'still' : now) : null);
  });
  onScopeDispose(() => media.document(null));
  return { seen: computed(() => (call.value === null ? null : (media.view.value?.sendsDocument ?? false))) };
}
