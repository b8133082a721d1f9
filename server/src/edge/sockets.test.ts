import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PROTOCOL_VERSION } from '@openvtm/protocol';
import { io, type Socket } from 'socket.io-client';
import { afterEach, expect, test } from 'vitest';
import type { Caller } from '../kernel/handler.ts';
import { createLog } from '../kernel/log.ts';
import { createLimits } from './limits.ts';
import { createLines } from './lines.ts';
import { openSockets } from './sockets.ts';

const kiosk: Caller = { kind: 'kiosk', id: 'k', subject: 'kiosk:k', branchId: 'b', device: 'floor', sessionId: 's' };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Real sockets over real lines; `lost` is what the test gives, and what happens is noted in order. */
async function start(lost: () => Promise<void>) {
  const happened: string[] = [];
  const log: string[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lines = createLines();
  const sockets = openSockets({
    server,
    lines,
    limits: createLimits(),
    trustProxy: false,
    log: createLog({ level: 'error', to: { write: (line) => void log.push(line) } }),
    dispatch: async () => ({ ok: true, data: {} }),
    refresh: {
      kiosk: () => undefined,
      staff: () => undefined,
      everything: () => undefined,
      snapshot: async () => void happened.push('snapshot'),
    },
    callerOf: async () => kiosk,
    stillLive: async (ids) => new Set(ids),
    opened: async () => void happened.push('opened'),
    async lost() {
      happened.push('lost begins');
      await lost();
      happened.push('lost ends');
    },
    expelled: () => undefined,
  });
  cleanups.push(() => sockets.close());
  const { port } = server.address() as AddressInfo;
  const open = async (): Promise<Socket> => {
    const socket = io(`http://127.0.0.1:${port}`, {
      path: '/line',
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocol: PROTOCOL_VERSION, token: 'any' },
    });
    cleanups.push(() => socket.disconnect());
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    return socket;
  };
  return { happened, log, lines, open };
}

test('who comes back is told after the loss, however long that takes, so that nobody who is here counts as gone', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { happened, lines, open } = await start(() => gate);
  (await open()).disconnect();
  await expect.poll(() => happened).toContain('lost begins');
  await open();
  expect(lines.of('kiosk:k')).toBeDefined();
  expect(happened).toEqual(['opened', 'snapshot', 'lost begins']);
  release();
  await expect.poll(() => happened.slice(2)).toEqual(['lost begins', 'lost ends', 'opened', 'snapshot']);
});

test('a loss that could not be told is told again until it is', async () => {
  let failures = 2;
  const { happened, log, open } = await start(async () => {
    failures -= 1;
    if (failures >= 0) throw new Error('the database is away');
  });
  (await open()).disconnect();
  await expect.poll(() => happened, { timeout: 10_000 }).toContain('lost ends');
  expect(happened.filter((one) => one === 'lost begins')).toHaveLength(3);
  expect(log).toHaveLength(2);
});

test('a loss that is no longer true is not told any more', async () => {
  const { happened, open } = await start(() => Promise.reject(new Error('the database is away')));
  (await open()).disconnect();
  await expect.poll(() => happened).toContain('lost begins');
  await open();
  await expect.poll(() => happened.filter((one) => one === 'snapshot'), { timeout: 10_000 }).toHaveLength(2);
  expect(happened).not.toContain('lost ends');
});
