import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { tcpRelay, udpRelay } from './index.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const host = '127.0.0.1';

async function udpSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  ends.push(() => socket.close());
  return socket;
}

/** A target that sends everything back, and remembers from which ports it came. */
async function udpEcho(): Promise<{ port: number; from: number[] }> {
  const socket = await udpSocket();
  const from: number[] = [];
  socket.on('message', (message, info: RemoteInfo) => {
    from.push(info.port);
    socket.send(message, info.port, info.address);
  });
  return { port: socket.address().port, from };
}

async function udpStage(impairment: { delayMs?: number; lossPercent?: number }) {
  const target = await udpEcho();
  const relay = await udpRelay({ listen: { host, port: 0 }, target: { host, port: target.port }, ...impairment });
  ends.push(() => relay.close());
  const client = await udpSocket();
  const got: string[] = [];
  client.on('message', (message) => got.push(String(message)));
  const say = (text: string) => client.send(text, relay.address.port, host);
  return { relay, target, client, got, say };
}

test('UDP: a datagram there and back takes twice the delay, in order even when the delay shrinks', async () => {
  const { relay, got, say } = await udpStage({ delayMs: 40 });
  const begun = performance.now();
  say('a');
  await vi.waitFor(() => expect(got).toEqual(['a']));
  expect(performance.now() - begun).toBeGreaterThanOrEqual(79);
  say('b');
  await vi.waitFor(() => expect(relay.counts.forwarded).toBeGreaterThanOrEqual(2));
  relay.setDelay(0);
  say('c');
  await vi.waitFor(() => expect(got).toEqual(['a', 'b', 'c']));
});

test('UDP: a cut link drops, a restored one forwards again', async () => {
  const { relay, got, say } = await udpStage({});
  say('a');
  await vi.waitFor(() => expect(got).toEqual(['a']));
  relay.cut();
  say('b');
  await vi.waitFor(() => expect(relay.counts.dropped).toBe(1));
  relay.restore();
  say('c');
  await vi.waitFor(() => expect(got).toEqual(['a', 'c']));
});

test('UDP: loss is near what was asked for, and the same for the same seed', async () => {
  const sink = await udpSocket();
  const runs: string[] = [];
  for (let run = 0; run < 2; run += 1) {
    const target = { host, port: sink.address().port };
    const relay = await udpRelay({ listen: { host, port: 0 }, target, lossPercent: 20, seed: 7 });
    ends.push(() => relay.close());
    const client = await udpSocket();
    let fate = '';
    for (let i = 0; i < 400; i += 1) {
      const { dropped } = relay.counts;
      client.send('x', relay.address.port, host);
      await vi.waitFor(() => expect(relay.counts.forwarded + relay.counts.dropped).toBe(i + 1), { interval: 1 });
      fate += relay.counts.dropped > dropped ? '-' : '+';
    }
    runs.push(fate);
  }
  expect(runs[0]).toBe(runs[1]);
  const lost = (runs[0]?.split('-').length ?? 1) - 1;
  expect(lost).toBeGreaterThan(55);
  expect(lost).toBeLessThan(105);
});

test('UDP: after rebind the target sees the client from another port, and answers still arrive', async () => {
  const { relay, target, got, say } = await udpStage({});
  say('a');
  await vi.waitFor(() => expect(got).toEqual(['a']));
  await relay.rebind();
  say('b');
  await vi.waitFor(() => expect(got).toEqual(['a', 'b']));
  expect(new Set(target.from).size).toBe(2);
});

async function tcpStage(delayMs: number) {
  const server = createServer((socket) => socket.pipe(socket).on('error', () => undefined));
  server.listen(0, host);
  await once(server, 'listening');
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const relay = await tcpRelay({ listen: { host, port: 0 }, target: { host, port }, delayMs });
  ends.push(() => relay.close());
  const client = connect(relay.address.port, host);
  client.on('error', () => undefined);
  let got = '';
  client.on('data', (data) => (got += String(data)));
  await once(client, 'connect');
  ends.push(() => client.destroy());
  return { relay, client, got: () => got };
}

test('TCP: delays both ways, holds back while cut and delivers afterwards', async () => {
  const { relay, client, got } = await tcpStage(30);
  const begun = performance.now();
  client.write('a');
  await vi.waitFor(() => expect(got()).toBe('a'));
  expect(performance.now() - begun).toBeGreaterThanOrEqual(59);
  relay.cut();
  client.write('b');
  const late = connect(relay.address.port, host);
  ends.push(() => late.destroy());
  late.write('c');
  let lateGot = '';
  late.on('data', (data) => (lateGot += String(data)));
  await once(late, 'connect');
  await vi.waitFor(() => expect(relay.connections).toBe(2));
  expect([got(), lateGot]).toEqual(['a', '']);
  relay.restore();
  await vi.waitFor(() => expect([got(), lateGot]).toEqual(['ab', 'c']));
});

test('TCP: reset ends what is open and takes new connections', async () => {
  const { relay, client } = await tcpStage(0);
  const closed = new Promise((resolve) => client.once('close', resolve));
  relay.reset();
  await closed;
  expect(relay.connections).toBe(0);
  const again = connect(relay.address.port, host);
  ends.push(() => again.destroy());
  again.write('x');
  expect(String((await once(again, 'data'))[0])).toBe('x');
});

test('TCP: the end of one side reaches the other', async () => {
  const { relay, client } = await tcpStage(10);
  client.destroy();
  await vi.waitFor(() => expect(relay.connections).toBe(0));
});
