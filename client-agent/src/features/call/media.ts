import type { Source } from '@openvtm/protocol';
import type { CallSession } from '@openvtm/rtc/call';
import type { Line } from '@openvtm/rtc/line';
import { computed, ref, shallowRef } from 'vue';
import { holdDevices } from '../devices/index.ts';

// mediasoup's objects are inside the session and stay out of Vue's reach; the screen reads it again on each change.
const session = shallowRef<CallSession | null>(null);
const changes = ref(0);
let stopListening = () => {};
let lifted = false;
// Counts starts and stops, so that a start that is still loading when it is called off does nothing.
let turn = 0;

/** Joins media ahead of calls, so that accepting one needs no set-up. Does nothing if it runs already. */
export async function startMedia(line: Line, options: { withoutCamera: boolean }): Promise<void> {
  if (session.value !== null) return;
  turn += 1;
  const mine = turn;
  const { createCallSession } = await import('@openvtm/rtc/call');
  if (mine !== turn || session.value !== null) return;
  const made = createCallSession({ line, devices: holdDevices(), curtain: 'closed' });
  made.setCurtain(lifted);
  stopListening = made.onChange(() => (changes.value += 1));
  session.value = made;
  if (options.withoutCamera) made.setMuted('camera', true);
  // Its own state says when this failed; the screen shows that.
  await made.start().catch(() => undefined);
}

export function stopMedia(): void {
  turn += 1;
  stopListening();
  stopListening = () => {};
  session.value?.close();
  session.value = null;
  changes.value += 1;
}

/**
 * true: the agent's camera and microphone go out; false: a placeholder and silence. Waiting with the curtain down
 * costs next to no encoding, and nothing of the agent is sent before a call.
 */
export function liftCurtain(open: boolean): void {
  lifted = open;
  session.value?.setCurtain(open);
}

/** Loads the call engine before it is needed. */
export const preloadMedia = () => void import('@openvtm/rtc/call').catch(() => undefined);

/** What the screen shows of the running media. */
export function useCallMedia() {
  const read = <T>(of: (running: CallSession) => T, otherwise: T) =>
    computed(() => (changes.value >= 0 && session.value !== null ? of(session.value) : otherwise));
  return {
    state: read((running) => running.state, 'idle'),
    customerCamera: read<MediaStreamTrack | null>((running) => running.remoteCamera, null),
    customerMicrophone: read<MediaStreamTrack | null>((running) => running.remoteMicrophone, null),
    quality: read<CallSession['quality']>(
      (running) => (running.quality === null ? null : { ...running.quality }),
      null,
    ),
    muted: {
      microphone: read((running) => running.muted('microphone'), false),
      camera: read((running) => running.muted('camera'), false),
    },
    setMuted(source: Source, muted: boolean) {
      session.value?.setMuted(source, muted);
      changes.value += 1;
    },
  };
}
