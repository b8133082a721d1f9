import { onScopeDispose, watch } from 'vue';
import { line, useLive } from '../../live/index.ts';
import { checkOpen, deviceCheck, restDevices } from '../devices/index.ts';
import { liftCurtain, preloadMedia, startMedia, stopMedia, useCallMedia } from './media.ts';

/**
 * Called once by the shell. Media is joined while the agent can be offered a call and kept across calls; on a break it
 * is let go, and the camera's light goes out.
 */
export function useWarmMedia(): void {
  const live = useLive();
  const media = useCallMedia();

  watch(
    () => {
      const at = live.agent?.at;
      if (line.value === null || at === undefined) return 'stop';
      switch (at) {
        // After a reload or take-over in a call there is no time for a device check.
        case 'offered':
        case 'in-call':
        case 'hold':
        case 'helping':
          return 'start';
        case 'ready':
          return deviceCheck.value === 'no' ? 'keep' : 'start';
        case 'wrap-up':
          return 'keep';
        case 'offline':
        case 'break':
          return 'stop';
      }
    },
    (wanted) => {
      if (wanted === 'start' && line.value !== null) {
        void startMedia(line.value, { withoutCamera: deviceCheck.value === 'without-camera' });
      }
      if (wanted !== 'stop') return;
      stopMedia();
      // The check holds the devices open itself.
      if (deviceCheck.value !== 'no' && !checkOpen.value) restDevices();
    },
    { immediate: true },
  );
  watch(
    deviceCheck,
    (check) => {
      if (check !== 'no') preloadMedia();
    },
    { immediate: true },
  );
  // Not with the press already: the agent's own camera would take the time in which the customer's first frame is made.
  watch(() => live.agent?.at === 'in-call' || live.agent?.at === 'helping', liftCurtain, {
    immediate: true,
    flush: 'sync',
  });
  // Muted in one call must not mean unheard in the next.
  watch(
    () => live.call?.callId ?? null,
    (callId) => {
      if (callId !== null) return;
      media.setMuted('microphone', false);
      media.setMuted('camera', deviceCheck.value === 'without-camera');
    },
  );
  onScopeDispose(stopMedia);
}
