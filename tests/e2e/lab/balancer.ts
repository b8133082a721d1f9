import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePorts } from '../../ports.ts';

export type Balancer = {
  readonly url: string;
  /** Ports that take connections now, in the order in which they are tried. */
  readonly ready: readonly number[];
  /** New connections go here first, where it is ready. */
  prefer(port: number): void;
  close(): Promise<void>;
};

const LOOK_MS = 150;

const isReady = async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(
    () => null,
  );
  return answer?.ok ?? false;
};

/** What stands in front of several servers: gives each new connection to one whose `/readyz` is well. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const listen = await freePorts();
  const open = new Set<Socket>();
  let order = [...ports];
  let ready: number[] = [];
  let closed = false;
  const look = async () => {
    const found = await Promise.all(order.map(async (port) => ((await isReady(port)) ? [port] : [])));
    ready = found.flat().toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  };
  const loop = async () => {
    while (!closed) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  await look();
  const looking = loop();

  const server = createServer((client) => {
    const [port] = ready;
    if (port === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(listen, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${listen}`,
    get ready() {
      return ready;
    },
    prefer(port) {
      order = [port, ...order.filter((one) => one !== port)];
      ready = ready.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
    },
    async close() {
      closed = true;
      for (const socket of open) socket.destroy();
      server.close();
      await looking;
    },
  };
}
