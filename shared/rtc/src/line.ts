import { PROTOCOL_VERSION, Refusal } from '@openvtm/protocol';
import type { Answer, In, NoticeData, NoticeName, Out, RequestName } from '@openvtm/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { createAsks } from './asks.ts';
import { arrive } from './line-order.ts';
import type { LineOrder } from './line-order.ts';

export { RequestFailed } from './asks.ts';

export type LineState =
  | { at: 'connecting' }
  | { at: 'live' }
  | { at: 'lost'; since: number }
  | { at: 'closed'; reason: Refusal };

/** The one connection of a page to the server: requests that survive reconnection, notices in their order. */
export interface Line {
  readonly state: LineState;
  /**
   * Asks the server. The request's UUID is made once; while the line is lost the request is held, and sent again with
   * the same UUID after reconnection, until `timeoutMs` (default 15 000). Rejects with RequestFailed.
   */
  request<N extends RequestName>(name: N, data: In<N>, options?: { timeoutMs?: number }): Promise<Out<N>>;
  /** Listens to one notice; returns the function that stops it. After a gap the line asks for a snapshot by itself. */
  on<N extends NoticeName>(name: N, handler: (data: NoticeData<N>) => void): () => void;
  onState(handler: (state: LineState) => void): () => void;
  close(): void;
}

const REQUEST_TIMEOUT_MS = 15_000;
// A SYN that was lost is sent again after 1 and 3 s: a longer attempt would sleep through the link's return.
const CONNECT_TIMEOUT_MS = 4_000;
const SNAPSHOT_TIMEOUT_MS = 10_000;
const RETRY_FIRST_MS = 250;
// A call waits for a server that is being restarted; an outage that lasts is not worth as many knocks.
const RETRY_SOON = { tries: 20, mostMs: 1_000 };
const RETRY_MOST_MS = 4_000;

/**
 * Opens the line. `token()` is called for every (re)connection; while it rejects, the line is `lost` and tries again.
 * The line is `live` when the connection's first snapshot has come. Same origin unless `url` is given.
 */
export function openLine(options: { token: () => Promise<string>; url?: string }): Line {
  const settings = {
    path: '/line',
    transports: ['websocket'],
    autoConnect: false,
    // Reconnection is done here: a refused or closed connection needs the same back-off as a broken one.
    reconnection: false,
    forceNew: true,
    timeout: CONNECT_TIMEOUT_MS,
  };
  const socket: Socket = options.url === undefined ? io(settings) : io(options.url, settings);
  const asks = createAsks((ask, answered) => {
    socket.emit(ask.name, ask.data, { id: ask.id }, (answer: Answer<unknown>) => answered(answer));
  });
  const noticeHandlers = new Map<string, Set<(data: never) => void>>();
  const stateHandlers = new Set<(state: LineState) => void>();
  let state: LineState = { at: 'connecting' };
  let order: LineOrder = { next: null };
  let finished = false;
  let attempts = 0;
  let failures = 0;
  let refusedBefore = false;
  let resyncing = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let snapshotTimer: ReturnType<typeof setTimeout> | undefined;

  function enter(next: LineState): void {
    state = next;
    for (const handler of [...stateHandlers]) shielded(() => handler(next));
  }

  async function attempt(): Promise<void> {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    clearTimeout(snapshotTimer);
    snapshotTimer = setTimeout(dropped, SNAPSHOT_TIMEOUT_MS);
    attempts += 1;
    const mine = attempts;
    try {
      const token = await options.token();
      if (finished || mine !== attempts) return;
      order = { next: null };
      socket.auth = { protocol: PROTOCOL_VERSION, token };
      socket.connect();
    } catch {
      if (mine === attempts) dropped();
    }
  }

  function dropped(): void {
    clearTimeout(snapshotTimer);
    if (finished || retryTimer !== undefined) return;
    const most = failures < RETRY_SOON.tries ? RETRY_SOON.mostMs : RETRY_MOST_MS;
    const wait = Math.min(most, RETRY_FIRST_MS * 2 ** failures) * (0.5 + Math.random());
    failures += 1;
    attempts += 1;
    retryTimer = setTimeout(attempt, wait);
    socket.disconnect();
    if (state.at !== 'lost') enter({ at: 'lost', since: Date.now() });
  }

  function finish(): boolean {
    if (finished) return false;
    finished = true;
    clearTimeout(retryTimer);
    clearTimeout(snapshotTimer);
    globalThis.removeEventListener?.('online', hurry);
    socket.off();
    socket.offAny();
    socket.disconnect();
    asks.failAll();
    return true;
  }

  function refused(reason: Refusal): void {
    if (finish()) enter({ at: 'closed', reason });
  }

  function hurry(): void {
    if (retryTimer !== undefined) void attempt();
  }

  function resync(): void {
    if (resyncing) return;
    resyncing = true;
    const again = () => {
      resyncing = false;
    };
    asks.ask('line:resync', {}, { timeoutMs: REQUEST_TIMEOUT_MS, now: true }).then(again, again);
  }

  socket.on('disconnect', dropped);
  socket.on('connect_error', (error: Error) => {
    const refusal = Refusal.safeParse(error.message);
    // A token may have run out in the very moment: one more try with a fresh one.
    if (!refusal.success || (refusal.data === 'not-allowed' && !refusedBefore)) {
      refusedBefore ||= refusal.success;
      dropped();
    } else refused(refusal.data);
  });
  socket.onAny((name: NoticeName, data: unknown, seq: number) => {
    if (name === 'line:closing') {
      // Its data was checked by the server against the notice's schema.
      refused((data as NoticeData<'line:closing'>).reason);
      return;
    }
    const snapshot = name === 'line:kiosk-snapshot' || name === 'line:staff-snapshot';
    const arrival = arrive(order, { snapshot, seq });
    order = arrival.order;
    if (arrival.gap) resync();
    if (arrival.deliver) {
      for (const handler of [...(noticeHandlers.get(name) ?? [])]) shielded(() => handler(data as never));
    }
    if (snapshot && state.at !== 'live' && !finished) {
      clearTimeout(snapshotTimer);
      failures = 0;
      refusedBefore = false;
      // Before the listeners: what they ask is sent by itself and should not be sent twice.
      asks.sendAgain();
      enter({ at: 'live' });
    }
  });
  globalThis.addEventListener?.('online', hurry);
  void attempt();

  return {
    get state() {
      return state;
    },
    request(name, data, { timeoutMs = REQUEST_TIMEOUT_MS } = {}) {
      const answer = asks.ask(name, data, { timeoutMs, now: state.at === 'live' });
      if (finished) asks.failAll();
      return answer;
    },
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
    close() {
      finish();
      noticeHandlers.clear();
      stateHandlers.clear();
    },
  };
}

/** Runs a listener; what it throws is reported like any uncaught error and does not keep the others from being told. */
function shielded(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
