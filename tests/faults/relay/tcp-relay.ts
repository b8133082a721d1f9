import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createDelayLine, type Address, type DelayLine } from './impairment.ts';

export type TcpRelay = {
  readonly address: Address;
  /** Connections that are open now. */
  readonly connections: number;
  /** Holds everything back, new connections too, until restore(): what was sent meanwhile then comes, as TCP would. */
  cut(): void;
  restore(): void;
  /** Resets every connection that is open; new ones are taken. */
  reset(): void;
  setDelay(delayMs: number): void;
  close(): Promise<void>;
};

type Pair = { client: Socket; upstream: Socket; there: DelayLine; back: DelayLine };

/** Forwards connections to one target with a delay each way; what passes is never lost or changed. */
export async function tcpRelay(options: { listen: Address; target: Address; delayMs?: number }): Promise<TcpRelay> {
  const { listen, target } = options;
  const pairs = new Set<Pair>();
  const held: (() => void)[] = [];
  let delayMs = options.delayMs ?? 0;
  let isCut = false;

  function pass(line: DelayLine, deliver: () => void): void {
    line.push(delayMs, () => {
      if (isCut) held.push(deliver);
      else deliver();
    });
  }

  function end(pair: Pair): void {
    if (!pairs.delete(pair)) return;
    pair.there.close();
    pair.back.close();
    pair.client.destroy();
    pair.upstream.destroy();
  }

  function forward(pair: Pair, way: { from: Socket; to: Socket; line: DelayLine }): void {
    const { from, to, line } = way;
    from.setNoDelay(true);
    from.on('data', (data) => pass(line, () => to.writable && to.write(data)));
    // The end of a connection travels like its data: the far side learns of it a delay later, or after the cut.
    from.on('close', () => pass(line, () => end(pair)));
    from.on('error', () => undefined);
  }

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const pair: Pair = { client, upstream, there: createDelayLine(), back: createDelayLine() };
    pairs.add(pair);
    forward(pair, { from: client, to: upstream, line: pair.there });
    forward(pair, { from: upstream, to: client, line: pair.back });
  });
  server.listen(listen.port, listen.host);
  await once(server, 'listening');

  return {
    address: { host: listen.host, port: (server.address() as AddressInfo).port },
    get connections() {
      return pairs.size;
    },
    cut: () => void (isCut = true),
    restore() {
      isCut = false;
      for (const deliver of held.splice(0)) deliver();
    },
    reset() {
      for (const pair of [...pairs]) {
        pair.client.resetAndDestroy();
        pair.upstream.resetAndDestroy();
        end(pair);
      }
    },
    setDelay: (ms) => void (delayMs = ms),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const pair of [...pairs]) end(pair);
      await closed;
    },
  };
}
