import type { CallSession, createCallSession } from '@openvtm/rtc/call';
import type { Devices } from '@openvtm/rtc/devices';
import type { Line } from '@openvtm/rtc/line';
import { shallowRef } from 'vue';
import type { CallMedia, CallMediaView } from '../../kiosk.ts';

type Engine = { createCallSession: typeof createCallSession };
type Needs = {
  line: Promise<Line>;
  devices: Devices;
  loadEngine?: () => Promise<Engine>;
};

const RETRY_MS = 3_000;

/** Keeps one CallSession for as long as it is wanted, and tries again when it could not be started. */
export function createCallMedia({ line, devices, loadEngine = () => import('@openvtm/rtc/call') }: Needs): CallMedia {
  const view = shallowRef<CallMediaView | null>(null);
  let wanted = false;
  let open = false;
  let session: CallSession | null = null;
  let stopListening: (() => void) | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let beginning = false;

  function show() {
    if (!session) return;
    const { state, remoteCamera, remoteMicrophone, quality, sending } = session;
    view.value = { state, remoteCamera, remoteMicrophone, quality, sending };
  }

  async function begin() {
    if (beginning) return;
    beginning = true;
    try {
      if (!session) {
        const [opened, { createCallSession }] = await Promise.all([line, loadEngine()]);
        if (!wanted) return;
        session = createCallSession({ line: opened, devices, curtain: 'closed' });
        session.setCurtain(open);
        stopListening = session.onChange(show);
        show();
      }
      await session.start();
    } catch {
      // No engine (the network is away) or no media just now: the session's own state says so on screen.
      if (wanted) retry = setTimeout(begin, RETRY_MS);
    } finally {
      beginning = false;
      // It was given up and wanted again while the engine was loading.
      if (wanted && !session && retry === undefined) void begin();
    }
  }

  function end() {
    stopListening?.();
    session?.close();
    session = null;
    stopListening = null;
    view.value = null;
    open = false;
    for (const role of ['face', 'document', 'microphone'] as const) devices.stop(role);
  }

  return {
    view,
    want(next) {
      if (next === wanted) return;
      wanted = next;
      clearTimeout(retry);
      retry = undefined;
      if (next) void begin();
      else end();
    },
    curtain(next) {
      open = next;
      session?.setCurtain(next);
    },
  };
}
