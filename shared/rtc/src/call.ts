import type { NoticeData, ParticipantId } from '@openvtm/protocol';
import { Device } from 'mediasoup-client';
import type { Devices } from './devices.ts';
import { createFitting, type TileFit } from './fitting.ts';
import { bottomRung, climb, flows } from './ladder.ts';
import type { Ladder, LadderEvent } from './ladder.ts';
import { RequestFailed } from './line.ts';
import type { Line } from './line.ts';
import { join } from './peering.ts';
import type { Peering } from './peering.ts';
import type { Quality } from './quality.ts';
import { totalsOf, type LinkReading } from './quality-sample.ts';
import { createReceiving } from './receiving.ts';
import type { Remote } from './receiving.ts';
import { createDocumentSending } from './document.ts';
import type { DocumentPicture } from './document.ts';
import { createScreenSending } from './screen.ts';
import { createSending, roleOf, sources } from './sending.ts';
import type { DeviceSource, Lifted, Sent } from './sending.ts';
import { watchQuality } from './quality-watch.ts';

export type { TileFit } from './fitting.ts';
export type { Quality } from './quality.ts';
export { createQualityReport, type ReportedCall } from './quality-report.ts';
export type { DocumentPicture } from './document.ts';
export type { Remote } from './receiving.ts';
export type { DeviceSource, Lifted } from './sending.ts';
export type CallMediaState = 'idle' | 'joining' | 'connected' | 'recovering' | 'failed';

/** The media of one side of a call: warm before it begins, back by itself when the link was gone. */
export interface CallSession {
  readonly state: CallMediaState;
  /** Whoever something comes from, in all calls of this line, the first to come first; the same array while unchanged. */
  readonly remotes: readonly Remote[];
  /** Refreshed every 2 s while joined. */
  readonly quality: Quality | null;
  /** What the browser's statistics say just now; null while not joined. */
  read(): Promise<LinkReading>;
  /** What is really sent just now. `curtain`: a still placeholder, or silence; `none`: no device, or not joined. */
  readonly sending: { camera: Sent; microphone: Sent };
  /** Joins media and holds warm transports; idempotent. Resolves when the first try has ended: `state` says how. */
  start(): Promise<void>;
  /** true: camera and microphone go out from the next frame on; false: placeholder and silence at once. Or each by itself. */
  setCurtain(open: boolean | Lifted): void;
  /** Puts the placeholder in place of one's own camera, or silence in place of the microphone. */
  setMuted(source: DeviceSource, muted: boolean): void;
  muted(source: DeviceSource): boolean;
  /** false: the link has no room for pictures just now. None come and none goes out; speech goes on. */
  readonly pictures: boolean;
  /** The others of whom that is so. */
  readonly speechOnly: readonly ParticipantId[];
  /** How large a tile shows a picture of somebody else: what comes follows it. */
  fit(told: TileFit): void;
  /** Shows this window to the customer until its track ends; null: none any more. The track is stopped with it. */
  shareScreen(track: MediaStreamTrack | null): void;
  readonly sharedScreen: MediaStreamTrack | null;
  /** Sends the document camera too, as a copy of this track; `still`: its last frame stays; null: nothing of it. */
  showDocument(picture: DocumentPicture): void;
  /** The far side has a picture of the document camera. */
  readonly sendsDocument: boolean;
  onChange(handler: () => void): () => void;
  /** Lets go of the server's side and of everything here but the devices, which are the caller's. */
  close(): void;
}

// Joins that fail in a row before the person is told; it is tried again all the same.
const FAILURES_TOLD = 3;

/**
 * `curtain`: 'closed' begins with the placeholder (kiosks: nothing of the customer is sent until setCurtain(true)),
 * 'none' with the devices. An agent who waits all day had better be 'closed' too, and lifted with the call: a camera
 * that nobody sees still costs encoding and 2 Mbit/s. Opens the face camera and the microphone if they are off, unless
 * `opens` is false (who only listens needs neither), and follows every change of theirs.
 */
export function createCallSession(options: {
  line: Line;
  devices: Devices;
  curtain: 'closed' | 'none';
  opens?: boolean;
}): CallSession {
  const { line, devices } = options;
  const handlers = new Set<() => void>();
  let started: Promise<void> | null = null;
  let closed = false;
  let device: Device | null = null;
  let peering: Peering | null = null;
  let joins = 0;
  let wasUp = false;
  let unsupported = false;
  let ladder: Ladder = bottomRung(line.state.at === 'live');
  let wakeTimer: ReturnType<typeof setTimeout> | undefined;

  const changed = () => {
    for (const handler of [...handlers]) handler();
  };
  const sending = createSending({ line, devices, curtain: options.curtain, onChange: changed, onError: wrong });
  const screen = createScreenSending({ line, onChange: changed, onError: wrong });
  const document = createDocumentSending({ line, onChange: changed, onError: wrong });
  const receiving = createReceiving({ line, onChange: changed, onError: wrong });
  const fitting = createFitting({ line, consumerOf: receiving.consumerOf });
  const quality = watchQuality({ peering: () => peering, receiving, onPictures: (on) => allow(on), onChange: changed });
  let pictures = true;
  let speechOnly: readonly NoticeData<'media:speech-only'>[] = [];
  let shownDocument: DocumentPicture = null;

  /** Pictures, or speech alone: the last rung before a call is given up. */
  function allow(on: boolean): void {
    pictures = on;
    sending.setPictures(on);
    document.show(on ? shownDocument : null);
    line.request('media:pictures', { on }).catch(wrong);
    changed();
  }
  function hear(told: NoticeData<'media:speech-only'>): void {
    // A customer of an earlier call may have left without a word of it.
    const others = speechOnly.filter((one) => one.callId === told.callId && one.participant !== told.participant);
    speechOnly = told.on ? [...others, told] : others;
    changed();
  }

  /** Something was refused or failed: if the server does not know us any more we join again; the rest the link shows. */
  function wrong(error: unknown): void {
    if (closed) return;
    if (!(error instanceof RequestFailed)) reportError(error);
    else if (error.code === 'no-media') void happen({ kind: 'forgotten' });
  }

  function happen(event: LadderEvent): Promise<void> {
    if (closed || started === null) return Promise.resolve();
    const { ladder: next, action, wakeAt } = climb(ladder, event, Date.now());
    ladder = next;
    clearTimeout(wakeTimer);
    if (wakeAt !== null) wakeTimer = setTimeout(() => happen({ kind: 'tick' }), Math.max(0, wakeAt - Date.now()));
    const doing = act(action);
    changed();
    return doing;
  }

  async function act(action: ReturnType<typeof climb>['action']): Promise<void> {
    if (action === 'join') return joinAgain();
    if (action === 'restart-ice') return restartIce();
    if (action === 'confirm') return confirm().catch(wrong);
  }

  async function restartIce(): Promise<void> {
    const mine = peering;
    // One that was given up meanwhile fails, as it should.
    await mine?.restartIce().catch((error: unknown) => mine === peering && wrong(error));
  }

  async function confirm(): Promise<void> {
    const capabilities = device?.recvRtpCapabilities;
    if (capabilities === undefined) return;
    await receiving.reconcile(() => line.request('media:receive', { rtpCapabilities: capabilities as never }));
  }

  function letGo(): void {
    receiving.use(null);
    void sending.use(null, null);
    void screen.use(null);
    void document.use(null);
    peering?.close();
    peering = null;
  }

  async function joinAgain(): Promise<void> {
    joins += 1;
    const mine = joins;
    letGo();
    try {
      device ??= await Device.factory();
      const made = await join({
        line,
        device,
        onLink: () => linkOf(mine),
        onError: (error) => mine === joins && wrong(error),
      });
      if (mine !== joins || closed) return made.close();
      peering = made;
      receiving.use(made.receive);
      void happen({ kind: 'joined' });
      await Promise.all([sending.use(made.send, device), confirm()]);
      // The server's side is a new one, which knows nothing of it.
      if (!pictures) allow(false);
      await Promise.all([screen.use(made.send), document.use(made.send)]);
      linkOf(mine);
    } catch (error) {
      if (mine !== joins || closed) return;
      if (!(error instanceof RequestFailed)) reportError(error);
      unsupported = device === null;
      letGo();
      if (unsupported) changed();
      else void happen({ kind: 'join-failed' });
    }
  }

  function linkOf(join: number): void {
    if (join !== joins || peering === null) return;
    const link = peering.link();
    wasUp ||= link === 'up';
    void happen({ kind: 'link', link });
  }

  async function begin(): Promise<void> {
    const off = sources.filter((source) => options.opens !== false && devices.state(roleOf[source]).at === 'off');
    const opened = Promise.all(off.map((source) => devices.open(roleOf[source])));
    await Promise.all([happen({ kind: 'forgotten' }), opened]);
  }

  const stops = [
    line.on('media:consumer', (told) => void receiving.add(told)),
    line.on('media:consumer-closed', ({ consumerId }) => receiving.remove(consumerId)),
    line.on('media:speech-only', hear),
    line.on('media:layers', ({ full }) => sending.setFull(full)),
    line.on('media:lost', () => void happen({ kind: 'forgotten' })),
    line.onState(({ at }) => void happen({ kind: 'line', live: at === 'live' })),
  ];

  return {
    get state() {
      if (started === null || closed) return 'idle';
      if (unsupported || (ladder.failures >= FAILURES_TOLD && ladder.phase.at === 'waiting')) return 'failed';
      if (flows(ladder)) return 'connected';
      return wasUp ? 'recovering' : 'joining';
    },
    get remotes() {
      return receiving.remotes();
    },
    get quality() {
      return quality.latest();
    },
    async read() {
      const mine = peering;
      if (mine === null) return null;
      const [send, receive] = await Promise.all([mine.send.getStats(), mine.receive.getStats()]);
      const cameras = new Set(receiving.remotes().flatMap(({ camera }) => (camera ? [camera.id] : [])));
      const totals = totalsOf({ send, receive, at: performance.now(), cameras });
      return { of: mine, link: mine.link(), totals };
    },
    get sending() {
      return { ...sending.sent };
    },
    start: () => (started ??= Promise.resolve().then(begin)),
    setCurtain: sending.setCurtain,
    setMuted: sending.setMuted,
    muted: sending.muted,
    get pictures() {
      return pictures;
    },
    get speechOnly() {
      const calls = new Set(receiving.remotes().map(({ callId }) => callId));
      return speechOnly.filter(({ callId }) => calls.has(callId)).map(({ participant }) => participant);
    },
    fit: fitting.fit,
    shareScreen: screen.share,
    get sharedScreen() {
      return screen.track;
    },
    showDocument(picture) {
      shownDocument = picture;
      document.show(pictures ? picture : null);
    },
    get sendsDocument() {
      return document.sent;
    },
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(wakeTimer);
      quality.close();
      fitting.close();
      for (const stop of stops) stop();
      letGo();
      sending.close();
      screen.close();
      document.close();
      changed();
      handlers.clear();
    },
  };
}
