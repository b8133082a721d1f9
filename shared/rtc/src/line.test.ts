import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, expect, test, vi } from 'vitest';
import { openLine } from './line.ts';
import type { Line } from './line.ts';

type Ask = { name: string; data: unknown; id: string; answer: (answer: unknown) => void };

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A real Socket.IO server: sends the first snapshot, keeps what it was asked, refuses what `refuse` says. */
async function server({ refuse = () => null }: { refuse?: (attempt: number) => string | null } = {}) {
  const http = createServer();
  const io = new Server(http, { path: '/line', transports: ['websocket'] });
  const asked: Ask[] = [];
  const auths: unknown[] = [];
  let socket: Socket | undefined;
  io.use((candidate, next) => {
    auths.push(candidate.handshake.auth);
    const reason = refuse(auths.length);
    next(reason === null ? undefined : new Error(reason));
  });
  io.on('connection', (connected) => {
    socket = connected;
    connected.onAny((name: string, data: unknown, meta: { id: string }, answer: Ask['answer']) => {
      asked.push({ name, data, id: meta.id, answer });
    });
    connected.emit('line:kiosk-snapshot', {}, 1);
  });
  http.listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(http.listening).toBe(true));
  ends.push(() => io.close());
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const line = (token = async () => 'token') => {
    const opened = openLine({ token, url });
    ends.push(() => opened.close());
    return opened;
  };
  return {
    asked,
    auths,
    line,
    tell: (name: string, data: unknown, seq: number) => socket?.emit(name, data, seq),
    cut: () => socket?.conn.close(),
  };
}
const becomes = (line: Line, at: string) => vi.waitFor(() => expect(line.state.at).toBe(at), { timeout: 5_000 });

test('says protocol and token in the handshake, and is live with the first snapshot', async () => {
  const far = await server();
  const line = far.line();
  expect(line.state).toEqual({ at: 'connecting' });
  await becomes(line, 'live');
  expect(far.auths).toEqual([{ protocol: 1, token: 'token' }]);
});

test('a request made before the line is live is sent when it is', async () => {
  const far = await server();
  const asked = far.line().request('media:join', {});
  await vi.waitFor(() => expect(far.asked).toHaveLength(1));
  far.asked[0]?.answer({ ok: true, data: { rtpCapabilities: {} } });
  await expect(asked).resolves.toEqual({ rtpCapabilities: {} });
});

test('after a cut the line comes back, asks for a fresh token, and sends what has no answer with the same id', async () => {
  const far = await server();
  let tokens = 0;
  const line = far.line(async () => `token ${(tokens += 1)}`);
  const states: string[] = [];
  line.onState(({ at }) => states.push(at));
  await becomes(line, 'live');
  const asked = line.request('media:join', {});
  await vi.waitFor(() => expect(far.asked).toHaveLength(1));
  far.cut();
  await vi.waitFor(() => expect(far.asked).toHaveLength(2), { timeout: 5_000 });
  expect(far.asked[1]?.id).toBe(far.asked[0]?.id);
  far.asked[1]?.answer({ ok: true, data: {} });
  await asked;
  expect(states).toEqual(['live', 'lost', 'live']);
  expect(far.auths).toMatchObject([{ token: 'token 1' }, { token: 'token 2' }]);
});

test('a gap in the numbers asks for a snapshot once, and older notices are not delivered', async () => {
  const far = await server();
  const line = far.line();
  await becomes(line, 'live');
  const got: unknown[] = [];
  line.on('call:changed', ({ call }) => got.push(call));
  far.tell('call:changed', { call: 'two' }, 2);
  far.tell('call:changed', { call: 'five' }, 5);
  far.tell('call:changed', { call: 'nine' }, 9);
  far.tell('call:changed', { call: 'old' }, 3);
  await vi.waitFor(() => expect(far.asked.map(({ name }) => name)).toEqual(['line:resync']));
  expect(got).toEqual(['two', 'five', 'nine']);
});

test('a listener that was stopped hears nothing', async () => {
  const far = await server();
  const line = far.line();
  await becomes(line, 'live');
  const got: string[] = [];
  const stop = line.on('call:changed', () => got.push('first'));
  line.on('call:changed', () => got.push('second'));
  stop();
  far.tell('call:changed', { call: null }, 2);
  await vi.waitFor(() => expect(got).toEqual(['second']));
});

test('a refusal closes the line for good and fails what was asked', async () => {
  const far = await server({ refuse: () => 'too-old' });
  const line = far.line();
  const asked = line.request('media:join', {});
  await expect(asked).rejects.toMatchObject({ code: 'offline' });
  expect(line.state).toEqual({ at: 'closed', reason: 'too-old' });
  await expect(line.request('media:join', {})).rejects.toMatchObject({ code: 'offline' });
});

test('not-allowed is tried once more with a fresh token, then it is final', async () => {
  const passing = await server({ refuse: (attempt) => (attempt === 1 ? 'not-allowed' : null) });
  await becomes(passing.line(), 'live');
  const final = await server({ refuse: () => 'not-allowed' });
  const line = final.line();
  await becomes(line, 'closed');
  expect(final.auths).toHaveLength(2);
});

test('any other refusal is tried again', async () => {
  const far = await server({ refuse: (attempt) => (attempt < 3 ? 'unavailable' : null) });
  await becomes(far.line(), 'live');
  expect(far.auths).toHaveLength(3);
});

test('while no token can be had the line is lost and tries again', async () => {
  const far = await server();
  let attempts = 0;
  const line = far.line(async () => {
    attempts += 1;
    if (attempts < 3) throw new Error('no network');
    return 'token';
  });
  await becomes(line, 'lost');
  await becomes(line, 'live');
  expect(attempts).toBe(3);
});

test('line:closing closes for good with its reason', async () => {
  const far = await server();
  const line = far.line();
  await becomes(line, 'live');
  far.tell('line:closing', { reason: 'replaced' }, 2);
  await becomes(line, 'closed');
  expect(line.state).toEqual({ at: 'closed', reason: 'replaced' });
});

test('close may be called twice, fails what is open, and tells nobody afterwards', async () => {
  const far = await server();
  const line = far.line();
  await becomes(line, 'live');
  const states: string[] = [];
  line.onState(({ at }) => states.push(at));
  const asked = line.request('media:join', {});
  line.close();
  line.close();
  await expect(asked).rejects.toMatchObject({ code: 'offline' });
  expect(states).toEqual([]);
});
