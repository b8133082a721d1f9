import { CallId, type NoticeData, type NoticeName, StaffId, type StaffSnapshot } from '@openvtm/protocol';
import type { Line, LineState } from '@openvtm/rtc/line';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it, vi } from 'vitest';
import { useLive } from './live/store.ts';
import { wire } from './wiring.ts';

type Handlers = { [N in NoticeName]?: (data: NoticeData<N>) => void };

/** A line whose server is the test. */
function testLine() {
  const handlers: Handlers = {};
  let onState: (state: LineState) => void = () => {};
  const line: Line = {
    state: { at: 'connecting' },
    request: () => Promise.reject(new Error('this test asks nothing')),
    on(name, handler) {
      handlers[name] = handler as never;
      return () => delete handlers[name];
    },
    onState(handler) {
      onState = handler;
      return () => (onState = () => {});
    },
    close() {},
  };
  return {
    line,
    tell: <N extends NoticeName>(name: N, data: NoticeData<N>) => handlers[name]?.(data),
    enter: (state: LineState) => onState(state),
    listening: () => Object.keys(handlers).length,
  };
}

const snapshot = (): StaffSnapshot => ({
  now: Date.now() + 5_000,
  demo: true,
  staff: {
    staffId: StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01'),
    username: 'li.na',
    name: '李娜',
    roles: ['agent'],
    skills: {},
    languages: ['zh-CN'],
  },
  background: { allowed: true, picture: null },
  agent: { at: 'ready', since: 1 },
  call: null,
  attending: [],
  invitations: [],
  chat: null,
  case: null,
  documents: [],
  papers: [],
  readings: [],
  reviews: { counts: null, desk: null },
  annotations: { shown: null, layers: [] },
  drawing: null,
  hearing: null,
  board: { waiting: 1, longestWaitSince: 5, ready: 1, inCall: 0 },
  help: [],
  appointments: [],
  sharing: null,
  explaining: null,
  kiosks: [],
  dropped: [],
  alerts: [],
});

beforeEach(() => setActivePinia(createPinia()));

it('fills the screen from the snapshot, and knows how far the server clock is ahead', () => {
  const live = useLive();
  const { line, tell } = testLine();
  wire(line, live);
  expect(live.known).toBe(false);
  tell('line:staff-snapshot', snapshot());
  expect(live.known).toBe(true);
  expect(live.agent?.at).toBe('ready');
  expect(live.board?.waiting).toBe(1);
  expect(Math.abs(live.clockAhead - 5_000)).toBeLessThan(200);
});

it('replaces each part whole by its notice', () => {
  const live = useLive();
  const { line, tell, enter } = testLine();
  wire(line, live);
  tell('line:staff-snapshot', snapshot());
  const callId = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
  tell('queue:agent-changed', { agent: { at: 'in-call', since: 2, callId } });
  tell('queue:board-changed', { board: { waiting: 0, longestWaitSince: null, ready: 0, inCall: 1 } });
  enter({ at: 'lost', since: 3 });
  expect(live.agent).toEqual({ at: 'in-call', since: 2, callId });
  expect(live.board?.inCall).toBe(1);
  expect(live.line).toEqual({ at: 'lost', since: 3 });
});

it('hears nothing more after it was stopped', () => {
  const { line, listening } = testLine();
  const stop = wire(line, useLive());
  expect(listening()).toBeGreaterThan(0);
  stop();
  expect(listening()).toBe(0);
});

it('draws a call a moment after it runs, so that the first frame goes before it, and a snapshot at once', () => {
  vi.useFakeTimers();
  const live = useLive();
  const { line, tell } = testLine();
  const stop = wire(line, live);
  tell('line:staff-snapshot', snapshot());
  const callId = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
  tell('media:live', { callId });
  tell('queue:agent-changed', { agent: { at: 'in-call', since: 2, callId } });
  expect(live.agent?.at).toBe('ready');
  vi.advanceTimersByTime(400);
  expect(live.agent?.at).toBe('in-call');
  tell('media:live', { callId });
  tell('line:staff-snapshot', snapshot());
  expect(live.agent?.at).toBe('ready');
  stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
