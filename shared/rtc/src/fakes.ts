import type { DeviceSource } from './sending.ts';
import type { In, NoticeData, NoticeName, Out, RequestName } from '@openvtm/protocol';
import type { CallSession } from './call.ts';
import type { CaptureRole, DeviceRole, Devices, DeviceState } from './devices.ts';
import type { Line, LineState } from './line.ts';
import { RequestFailed } from './asks.ts';

/** A line without a server, for tests: answers what it was given, tells notices when asked to. */
export type FakeLine = Line & {
  /** Every request so far, oldest first. */
  readonly asked: { name: RequestName; data: unknown }[];
  /** What requests of this name get from now on; throw RequestFailed to refuse. Without one they are `not-found`. */
  answer<N extends RequestName>(name: N, reply: (data: In<N>) => Out<N> | Promise<Out<N>>): void;
  tell<N extends NoticeName>(name: N, data: NoticeData<N>): void;
  enter(state: LineState): void;
};

export function createFakeLine(initial: LineState = { at: 'live' }): FakeLine {
  const replies = new Map<string, (data: never) => unknown>();
  const noticeHandlers = new Map<string, Set<(data: never) => void>>();
  const stateHandlers = new Set<(state: LineState) => void>();
  const asked: FakeLine['asked'] = [];
  let state = initial;
  return {
    asked,
    get state() {
      return state;
    },
    async request(name, data) {
      asked.push({ name, data });
      const reply = replies.get(name);
      if (reply === undefined) throw new RequestFailed('not-found', 'fake');
      return (await reply(data as never)) as never;
    },
    answer: (name, reply) => void replies.set(name, reply),
    on(name, handler) {
      const handlers = noticeHandlers.get(name) ?? new Set();
      noticeHandlers.set(name, handlers);
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    onState(handler) {
      stateHandlers.add(handler);
      return () => stateHandlers.delete(handler);
    },
    tell(name, data) {
      for (const handler of noticeHandlers.get(name) ?? []) handler(data as never);
    },
    enter(next) {
      state = next;
      for (const handler of stateHandlers) handler(next);
    },
    close() {
      noticeHandlers.clear();
      stateHandlers.clear();
    },
  };
}

/** Devices without hardware: open() gives the state that was prepared for the role ('missing' unless told otherwise). */
export type FakeDevices = Devices & {
  prepare(role: CaptureRole, state: DeviceState): void;
  /** Puts a role into a state now, as an unplugged camera would. */
  enter(role: CaptureRole, state: DeviceState): void;
};

export function createFakeDevices(): FakeDevices {
  const states = new Map<CaptureRole, DeviceState>();
  const prepared = new Map<CaptureRole, DeviceState>();
  const handlers = new Set<(role: DeviceRole) => void>();
  let speaker: string | null = null;
  const enter = (role: CaptureRole, state: DeviceState) => {
    states.set(role, state);
    for (const handler of handlers) handler(role);
  };
  return {
    state: (role) => states.get(role) ?? { at: 'off' },
    async open(role) {
      const state = prepared.get(role) ?? { at: 'failed', problem: 'missing' };
      enter(role, state);
      return state;
    },
    stop: (role) => enter(role, { at: 'off' }),
    list: async () =>
      [...prepared].flatMap(([role, state]) =>
        state.at === 'live' ? [{ role, deviceId: state.deviceId, label: state.label }] : [],
      ),
    async choose(role, deviceId) {
      if (role === 'speaker') speaker = deviceId;
      for (const handler of handlers) handler(role);
      return null;
    },
    chosenSpeaker: () => speaker,
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    close: () => handlers.clear(),
    prepare: (role, state) => void prepared.set(role, state),
    enter,
  };
}

/** A call session without media: its fields are set by the test, `changed()` tells the listeners. */
export type FakeCallSession = { -readonly [K in keyof CallSession]: CallSession[K] } & {
  changed(): void;
  readonly curtainOpen: boolean;
  readonly closed: boolean;
};

export function createFakeCallSession(): FakeCallSession {
  const handlers = new Set<() => void>();
  const mutes = new Set<DeviceSource>();
  let curtainOpen = false;
  let closed = false;
  const session: FakeCallSession = {
    sharedScreen: null,
    shareScreen(track) {
      session.sharedScreen = track;
    },
    fit() {},
    pictures: true,
    speechOnly: [],
    sendsDocument: false,
    showDocument(picture) {
      session.sendsDocument = picture !== null;
      session.changed();
    },
    state: 'idle',
    remotes: [],
    quality: null,
    read: async () => null,
    sending: { camera: 'none', microphone: 'none' },
    get curtainOpen() {
      return curtainOpen;
    },
    get closed() {
      return closed;
    },
    async start() {
      session.state = 'connected';
      session.sending = { camera: 'curtain', microphone: 'curtain' };
      session.changed();
    },
    setCurtain(open) {
      const lifted = typeof open === 'boolean' ? { camera: open, microphone: open } : open;
      curtainOpen = lifted.camera;
      const sent = (source: DeviceSource) => (lifted[source] ? 'live' : 'curtain');
      session.sending = { camera: sent('camera'), microphone: sent('microphone') };
      session.changed();
    },
    setMuted(source, muted) {
      if (muted) mutes.add(source);
      else mutes.delete(source);
      session.changed();
    },
    muted: (source) => mutes.has(source),
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    changed() {
      for (const handler of handlers) handler();
    },
    close() {
      closed = true;
      session.state = 'idle';
      handlers.clear();
    },
  };
  return session;
}
