import type { CallId } from '@openvtm/protocol';
import { computed, ref, shallowReactive } from 'vue';

/** What starts the voices that the browser would not start without a click. */
export const blockedVoices = shallowReactive(new Set<() => void>());

/** Set when the browser would not start some voice without a click; calling it from a click starts all. */
export const startSound = computed(() =>
  blockedVoices.size === 0
    ? null
    : () => {
        for (const start of [...blockedVoices]) start();
      },
);

/** The attended call that one wants to hear, of several. */
export const chosenCall = ref<CallId | null>(null);
