import { type ErrorCode, LoginOut, type StaffView } from '@openvtm/protocol';
import { clockAheadOf, refusalFrom } from './answers.ts';

export type SessionState =
  | { at: 'starting'; unreachable: boolean }
  | { at: 'out'; why: 'never' | 'left' | 'ended' | 'left-elsewhere' }
  | { at: 'in'; staff: StaffView };

/** `until`: when a locked account opens again (ms since 1970, by this device's clock); null if the server did not say. */
export type LoginRefusal = { code: ErrorCode | 'offline'; ref: string; until: number | null };

/** What the session needs of the browser; given from outside so that tests need none. */
export type SessionNeeds = {
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  now: () => number;
  /** Runs once after `ms`; returns the function that cancels it. */
  after: (ms: number, run: () => void) => () => void;
  /** Runs one holder at a time over all tabs of this browser. */
  exclusively: <T>(run: () => Promise<T>) => Promise<T>;
  /** The other tabs of this browser. */
  tabs: { tell: (word: 'left') => void; onTold: (handler: (word: 'left') => void) => () => void };
};

export interface Session {
  readonly state: SessionState;
  onChange(handler: (state: SessionState) => void): () => void;
  /** Finds out by the refresh cookie whether somebody is signed in. */
  begin(): Promise<void>;
  /** null: signed in. */
  login(credentials: { username: string; password: string }): Promise<LoginRefusal | null>;
  logout(): Promise<void>;
  /** An access token that is still good; rejects if there is none to be had. */
  token(): Promise<string>;
  /** Gets a new token now: after the server refused the old one. Rejects if there is none to be had. */
  renew(): Promise<void>;
  /** `fetch` with the bearer token, asked again once with a new one after 401. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  close(): void;
}

/** How long before its end a token is renewed (ms). */
const RENEW_BEFORE = 60_000;
/** How long to wait before asking an unreachable server again (ms). */
const RETRY_AFTER = 3_000;

class SessionOver extends Error {}

/**
 * Keeps a member of staff signed in: the access token in memory only, the refresh token in a cookie that scripts
 * can't read. Refreshing is done by one tab at a time, since the cookie changes with each use.
 */
export function createSession(needs: SessionNeeds): Session {
  let state: SessionState = { at: 'starting', unreachable: false };
  let access: { token: string; endsAt: number } | null = null;
  let refreshing: Promise<void> | null = null;
  let cancelTimer = () => {};
  // Counts the ends of sessions, so that a renewal under way when one ends does not bring it back.
  let ended = 0;
  const handlers = new Set<(state: SessionState) => void>();

  const enter = (next: SessionState) => {
    state = next;
    for (const handler of handlers) handler(next);
  };
  const post = (path: string, body?: unknown) =>
    needs.fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'X-OpenVTM': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const later = (ms: number, run: () => void) => {
    cancelTimer();
    cancelTimer = needs.after(ms, run);
  };

  const leave = (why: 'left' | 'ended' | 'left-elsewhere' | 'never') => {
    cancelTimer();
    ended += 1;
    access = null;
    enter({ at: 'out', why });
  };
  const admit = async (response: Response) => {
    const { accessToken, expiresAt, staff } = LoginOut.parse(await response.json());
    // By the server's clock, since this device's may be wrong.
    access = { token: accessToken, endsAt: expiresAt - clockAheadOf(response, needs.now()) };
    later(Math.max(1_000, access.endsAt - needs.now() - RENEW_BEFORE), () => void renew().catch(() => undefined));
    enter({ at: 'in', staff });
  };

  /** Rejects with SessionOver when the server says that the session is over, otherwise when it can't be reached. */
  const renew = () => {
    refreshing ??= needs
      .exclusively(async () => {
        const before = ended;
        const response = await post('/api/staff/refresh');
        if (ended !== before) return;
        if (response.status === 401 || response.status === 403) throw new SessionOver('the session is over');
        if (!response.ok) throw new Error(`refresh answered ${response.status}`);
        await admit(response);
      })
      .catch((error: unknown) => {
        if (error instanceof SessionOver) leave(state.at === 'in' ? 'ended' : 'never');
        else later(RETRY_AFTER, () => void renew().catch(() => undefined));
        throw error;
      })
      .finally(() => (refreshing = null));
    return refreshing;
  };

  const token = async () => {
    if (access === null || access.endsAt <= needs.now()) await renew();
    if (access === null) throw new SessionOver('nobody is signed in');
    return access.token;
  };

  const stopListening = needs.tabs.onTold(() => {
    if (state.at === 'in') leave('left-elsewhere');
  });

  return {
    get state() {
      return state;
    },
    onChange(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    async begin() {
      await renew().catch((error: unknown) => {
        if (!(error instanceof SessionOver)) enter({ at: 'starting', unreachable: true });
      });
    },
    async login(credentials) {
      try {
        const response = await post('/api/staff/login', credentials);
        if (!response.ok) return await refusalFrom(response, needs.now());
        await admit(response);
        return null;
      } catch {
        return { code: 'offline', ref: '', until: null };
      }
    },
    async logout() {
      // Signed out here even if the server can't be told; its refresh cookie then runs out by itself.
      await post('/api/staff/logout').catch(() => undefined);
      needs.tabs.tell('left');
      leave('left');
    },
    token,
    renew,
    async fetch(path, init = {}) {
      const ask = async () => {
        const headers = new Headers(init.headers);
        headers.set('Authorization', `Bearer ${await token()}`);
        return needs.fetch(path, { ...init, headers });
      };
      const first = await ask();
      if (first.status !== 401) return first;
      access = null;
      return ask();
    },
    close() {
      cancelTimer();
      stopListening();
      handlers.clear();
    },
  };
}
