import type { CallId, Source } from '@openvtm/protocol';
import type { CallSession, DeviceSource, Lifted, TileFit } from '@openvtm/rtc/call';
import type { Line } from '@openvtm/rtc/line';
import { computed, type ComputedRef, ref, shallowRef } from 'vue';
import { useLive } from '../../live/index.ts';
import { holdDevices } from '../devices/index.ts';

// mediasoup's objects are inside the session and stay out of Vue's reach; the screen reads it again on each change.
const session = shallowRef<CallSession | null>(null);
const changes = ref(0);
let stopListening = () => {};
let lifted: Lifted = { camera: false, microphone: false };
/** Tells the server how the calls over this line were; it outlives a session, for the last samples go after the call. */
let reporting: { line: Line; close(): void } | null = null;
// Counts starts and stops, so that a start that is still loading when it is called off does nothing.
let turn = 0;

/**
 * Joins media ahead of calls, so that accepting one needs no set-up. Does nothing if it runs already. Which devices are
 * open is the caller's matter.
 */
export async function startMedia(line: Line, options: { withoutCamera: boolean }): Promise<void> {
  if (session.value !== null) return;
  turn += 1;
  const mine = turn;
  const { createCallSession, createQualityReport } = await import('@openvtm/rtc/call');
  if (mine !== turn || session.value !== null) return;
  if (reporting?.line !== line) {
    stopReporting();
    const live = useLive();
    const report = createQualityReport({
      line,
      read: () => session.value?.read() ?? null,
      calls: () =>
        [...(live.call ? [live.call] : []), ...live.attending].map(({ callId, startedAt, held }) => ({
          callId,
          startedAt,
          held: held !== null,
        })),
      serverNow: () => Date.now() + live.clockAhead,
    });
    reporting = { line, close: report.close };
  }
  const made = createCallSession({ line, devices: holdDevices(), curtain: 'closed', opens: false });
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

/** The line is gone for good. */
export function stopReporting(): void {
  reporting?.close();
  reporting = null;
}

/**
 * Which of camera and microphone goes out; a placeholder and silence in the place of what does not. Waiting with the
 * curtain down costs next to no encoding, and nothing of the agent is sent before a call.
 */
export function liftCurtain(open: Lifted): void {
  lifted = open;
  session.value?.setCurtain(open);
}

/** How large a tile shows somebody's picture. */
export const fitTile = (told: TileFit): void => session.value?.fit(told);

/** Loads the call engine before it is needed. */
export const preloadMedia = () => void import('@openvtm/rtc/call').catch(() => undefined);

const read = <T>(of: (running: CallSession) => T, otherwise: T): ComputedRef<T> =>
  computed(() => (changes.value >= 0 && session.value !== null ? of(session.value) : otherwise));
const remotes = read<CallSession['remotes']>((running) => running.remotes, []);

/** A participant's track in a call, while there is one. */
export const trackIn = (of: { callId: CallId | null; participant: string; source: Source }): MediaStreamTrack | null =>
  remotes.value.find(({ callId, participant }) => callId === of.callId && participant === of.participant)?.[
    of.source
  ] ?? null;

/** What the screen shows of the running media. */
export function useCallMedia() {
  return {
    state: read((running) => running.state, 'idle'),
    remotes,
    quality: read<CallSession['quality']>(
      (running) => (running.quality === null ? null : { ...running.quality }),
      null,
    ),
    muted: {
      microphone: read((running) => running.muted('microphone'), false),
      camera: read((running) => running.muted('camera'), false),
    },
    /** Why there are no pictures: one's own link has no room for them, or the customer's. */
    speechOnly: read<'own' | 'customer' | null>(
      ({ pictures, speechOnly }) => (!pictures ? 'own' : speechOnly.includes('customer') ? 'customer' : null),
      null,
    ),
    screen: read((running) => running.sharedScreen, null),
    shareScreen(track: MediaStreamTrack | null) {
      session.value?.shareScreen(track);
    },
    setMuted(source: DeviceSource, muted: boolean) {
      session.value?.setMuted(source, muted);
      changes.value += 1;
    },
  };
}
