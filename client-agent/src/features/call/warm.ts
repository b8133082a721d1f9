import { computed, onScopeDispose, watch } from 'vue';
import { line, useLive } from '../../live/index.ts';
import { deviceCheck, isChecking, openDevice, restDevice } from '../devices/index.ts';
import { mediaWish } from './media-wish.ts';
import { liftCurtain, preloadMedia, startMedia, stopMedia, stopReporting, useCallMedia } from './media.ts';

/**
 * Called once by the shell. Media is joined while the agent can be offered a call and kept across calls, and while
 * somebody attends a call of others; otherwise it is let go, and the camera's light goes out.
 */
export function useWarmMedia(): void {
  const live = useLive();
  const media = useCallMedia();
  const wish = computed(() =>
    mediaWish({
      agent: live.agent,
      attending: live.attending,
      me: live.staff?.staffId ?? null,
      checked: deviceCheck.value !== 'no',
    }),
  );

  watch(
    [
      () => (line.value === null ? 'stop' : wish.value.session),
      () => wish.value.devices.camera,
      () => wish.value.devices.microphone,
    ] as const,
    ([session, camera, microphone]) => {
      if (session === 'keep') return;
      if (session === 'stop') stopMedia();
      const devices = [['face', camera] as const, ['microphone', microphone] as const];
      for (const [role, wanted] of devices) {
        if (session === 'start' && wanted) openDevice(role);
        // The check holds the devices open itself.
        else if (!isChecking.value) restDevice(role);
      }
      if (session === 'start' && line.value !== null)
        void startMedia(line.value, { withoutCamera: deviceCheck.value === 'without-camera' });
    },
    { immediate: true },
  );
  watch(line, (open) => {
    if (open === null) stopReporting();
  });
  watch(
    deviceCheck,
    (check) => {
      if (check !== 'no') preloadMedia();
    },
    { immediate: true },
  );
  // Not with the press already: the agent's own camera would take the time in which the customer's first frame is made.
  watch(
    [() => wish.value.out?.camera, () => wish.value.out?.microphone] as const,
    ([camera, microphone]) => {
      if (camera !== undefined && microphone !== undefined) liftCurtain({ camera, microphone });
    },
    { immediate: true, flush: 'sync' },
  );
  // Muted in one call must not mean unheard in the next.
  watch(
    () => live.call?.callId ?? live.attending[0]?.callId ?? null,
    (callId) => {
      if (callId !== null) return;
      media.setMuted('microphone', false);
      media.setMuted('camera', deviceCheck.value === 'without-camera');
    },
  );
  onScopeDispose(stopMedia);
}
