import type {
  CallSession,
  createCallSession,
  createQualityReport,
  DocumentPicture,
  ReportedCall,
} from '@openvtm/rtc/call';
import type { Devices } from '@openvtm/rtc/devices';
import type { Line } from '@openvtm/rtc/line';
import { shallowRef } from 'vue';
import type { CallMedia, CallMediaView } from '../../kiosk.ts';

type Engine = { createCallSession: typeof createCallSession; createQualityReport: typeof createQualityReport };
type Needs = {
  line: Promise<Line>;
  devices: Devices;
  /** The call that this kiosk is in, whose quality the server is told of. */
  call: () => ReportedCall | null;
  serverNow: () => number;
  loadEngine?: () => Promise<Engine>;
};

const RETRY_MS = 3_000;

/** Keeps one CallSession for as long as it is wanted, and tries again when it could not be started. */
export function createCallMedia({
  line,
  devices,
  call,
  serverNow,
  loadEngine = () => import('@openvtm/rtc/call'),
}: Needs): CallMedia {
  const view = shallowRef<CallMediaView | null>(null);
  let wanted = false;
  let open = false;
  let picture: DocumentPicture = null;
  let session: CallSession | null = null;
  let stopListening: (() => void) | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let beginning = false;
  let reports = false;

  function show() {
    if (!session) return;
    const { state, remotes, quality, sending, sendsDocument, pictures, speechOnly } = session;
    const comes = state === 'connected' && (quality?.receivingKbps ?? 0) > 0;
    view.value = { state, remotes, quality, comes, sending, sendsDocument, pictures, speechOnly };
  }
  // Behind the curtain nothing of the customer leaves, papers included.
  const showDocument = () => session?.showDocument(open ? picture : null);

  async function begin() {
    if (beginning) return;
    beginning = true;
    try {
      if (!session) {
        const [opened, { createCallSession, createQualityReport }] = await Promise.all([line, loadEngine()]);
        // As long as the page: what the last minute of a call was like is told after it.
        if (!reports)
          createQualityReport({
            line: opened,
            read: () => session?.read() ?? null,
            calls: () => [call()].filter((one) => one !== null),
            serverNow,
          });
        reports = true;
        if (!wanted) return;
        session = createCallSession({ line: opened, devices, curtain: 'closed' });
        session.setCurtain(open);
        showDocument();
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
      showDocument();
    },
    document(next) {
      picture = next;
      showDocument();
    },
    fit: (told) => session?.fit(told),
  };
}
