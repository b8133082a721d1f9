import { StaffId, type StaffView } from '@openvtm/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSession, type Session, type SessionState } from './session.ts';

const staff: StaffView = {
  staffId: StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01'),
  username: 'li.na',
  name: '李娜',
  roles: ['agent'],
  skills: { card: 3 },
  languages: ['zh-CN'],
};

type Call = { path: string; init: RequestInit };

describe('a staff session', () => {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  let calls: Call[] = [];
  let answer: (path: string, init: RequestInit) => Response | Promise<Response>;
  let tellThisTab: (word: 'left') => void = () => {};
  let told: string[] = [];
  let session: Session;
  let states: SessionState[] = [];

  const grant = (n: number, lives = 600_000, headers: Record<string, string> = {}) =>
    Response.json({ accessToken: `token-${n}`, expiresAt: now + lives, staff }, { headers });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const advance = async (ms: number) => {
    now += ms;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    for (const timer of due) timer.run();
    await settle();
  };
  const bearer = (call: Call | undefined) => new Headers(call?.init.headers).get('Authorization');

  beforeEach(() => {
    now = 1_700_000_000_000;
    timers = [];
    calls = [];
    told = [];
    states = [];
    answer = () => new Response(null, { status: 401 });
    session = createSession({
      fetch: async (path, init = {}) => {
        calls.push({ path, init });
        return answer(path, init);
      },
      now: () => now,
      after: (ms, run) => {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return () => (timers = timers.filter((one) => one !== timer));
      },
      exclusively: (run) => run(),
      tabs: {
        tell: (word) => told.push(word),
        onTold: (handler) => {
          tellThisTab = handler;
          return () => {};
        },
      },
    });
    session.onChange((state) => states.push(state));
  });

  it('shows the sign-in when the browser holds no session', async () => {
    await session.begin();
    expect(session.state).toEqual({ at: 'out', why: 'never' });
    expect(new Headers(calls[0]?.init.headers).get('X-OpenVTM')).toBe('1');
  });

  it('comes back signed in after a reload', async () => {
    answer = () => grant(1);
    await session.begin();
    expect(session.state).toEqual({ at: 'in', staff });
    expect(await session.token()).toBe('token-1');
  });

  it('keeps trying while the server cannot be reached, and then comes in', async () => {
    answer = () => Promise.reject(new TypeError('network'));
    await session.begin();
    expect(session.state).toEqual({ at: 'starting', unreachable: true });
    answer = () => grant(1);
    await advance(3_000);
    expect(session.state.at).toBe('in');
  });

  it('renews a minute before the end, without being asked', async () => {
    answer = () => grant(1);
    await session.begin();
    answer = () => grant(2);
    await advance(539_999);
    expect(calls).toHaveLength(1);
    await advance(1);
    expect(calls.map((call) => call.path)).toEqual(['/api/staff/refresh', '/api/staff/refresh']);
    expect(await session.token()).toBe('token-2');
  });

  it('goes by the server clock, so that a wrong clock here does not end the session', async () => {
    const serverNow = now + 3_600_000;
    answer = () =>
      Response.json(
        { accessToken: 'token-1', expiresAt: serverNow + 600_000, staff },
        { headers: { Date: new Date(serverNow).toUTCString() } },
      );
    await session.begin();
    expect(timers.map((timer) => timer.at - now)).toEqual([540_000]);
  });

  it('asks for one renewal however many wait for it', async () => {
    answer = () => grant(1, 100);
    await session.begin();
    now += 200;
    answer = () => grant(2);
    expect(await Promise.all([session.token(), session.token(), session.token()])).toEqual([
      'token-2',
      'token-2',
      'token-2',
    ]);
    expect(calls).toHaveLength(2);
  });

  it('asks again with a new token after 401', async () => {
    answer = () => grant(1);
    await session.begin();
    answer = (path, init) => {
      if (path === '/api/staff/refresh') return grant(2);
      return new Response('page', {
        status: new Headers(init.headers).get('Authorization') === 'Bearer token-2' ? 200 : 401,
      });
    };
    const response = await session.fetch('/api/audit');
    expect(response.status).toBe(200);
    expect(calls.filter((call) => call.path === '/api/audit').map(bearer)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('ends, and says so, when the server no longer renews it', async () => {
    answer = () => grant(1);
    await session.begin();
    answer = () => new Response(null, { status: 401 });
    await advance(540_000);
    expect(session.state).toEqual({ at: 'out', why: 'ended' });
    await expect(session.token()).rejects.toThrow('the session is over');
  });

  it('stays signed in while the server is away', async () => {
    answer = () => grant(1);
    await session.begin();
    answer = () => new Response(null, { status: 503 });
    await advance(540_000);
    expect(session.state.at).toBe('in');
    expect(await session.token()).toBe('token-1');
    answer = () => grant(2);
    await advance(3_000);
    expect(await session.token()).toBe('token-2');
  });

  it('says why a sign-in was refused, and until when', async () => {
    answer = () => Response.json({ error: { code: 'wrong-credentials', ref: 'r-1' } }, { status: 401 });
    expect(await session.login({ username: 'li.na', password: 'x' })).toEqual({
      code: 'wrong-credentials',
      ref: 'r-1',
      until: null,
    });
    // The server's clock is an hour ahead of this device's.
    const serverNow = now + 3_600_000;
    answer = () =>
      Response.json(
        { error: { code: 'locked-out', ref: 'r-2', until: serverNow + 90_000 } },
        { status: 423, headers: { Date: new Date(serverNow).toUTCString() } },
      );
    expect(await session.login({ username: 'li.na', password: 'x' })).toEqual({
      code: 'locked-out',
      ref: 'r-2',
      until: now + 90_000,
    });
    answer = () => Promise.reject(new TypeError('network'));
    expect((await session.login({ username: 'li.na', password: 'x' }))?.code).toBe('offline');
    expect(session.state.at).toBe('starting');
  });

  it('signs out here and in the other tabs', async () => {
    answer = () => grant(1);
    await session.begin();
    await session.logout();
    expect(session.state).toEqual({ at: 'out', why: 'left' });
    expect(told).toEqual(['left']);
    expect(timers).toEqual([]);
  });

  it('follows a sign-out in another tab', async () => {
    answer = () => grant(1);
    await session.begin();
    tellThisTab('left');
    expect(session.state).toEqual({ at: 'out', why: 'left-elsewhere' });
    expect(states.at(-1)).toEqual({ at: 'out', why: 'left-elsewhere' });
  });
});
