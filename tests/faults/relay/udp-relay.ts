import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createDelayLine, seededRandom, type Address, type DelayLine, type Impairment } from './impairment.ts';

export type UdpRelay = {
  /** Where it listens; the port that was given, or the one that was free for port 0. */
  readonly address: Address;
  /** Datagrams forwarded and dropped so far, both ways. */
  readonly counts: { forwarded: number; dropped: number };
  /** Drops everything, both ways, until restore(). */
  cut(): void;
  restore(): void;
  /** The far side sees each client from a new port from now on, as after a NAT has forgotten it. */
  rebind(): Promise<void>;
  setDelay(delayMs: number): void;
  setLoss(lossPercent: number): void;
  close(): Promise<void>;
};

type Client = { address: Address; upstream: Socket; there: DelayLine; back: DelayLine };

/**
 * Forwards datagrams between clients and one target, with delay, jitter and loss each way. Every client gets an
 * upstream socket of its own, so that the target can tell clients apart. Loss follows `seed`.
 */
export async function udpRelay(
  options: {
    listen: Address;
    target: Address;
    seed?: number;
    /** Only clients with this address get through. */
    onlyFrom?: string;
  } & Partial<Impairment>,
): Promise<UdpRelay> {
  const { listen, target, onlyFrom, seed = 1 } = options;
  const impairment: Impairment = { delayMs: 0, lossPercent: 0, jitterMs: 0, ...options };
  // Each way has numbers of its own, so that which datagrams are lost does not hang on how the two ways interleave.
  const random = { there: seededRandom(seed), back: seededRandom(seed + 1) };
  const counts = { forwarded: 0, dropped: 0 };
  const clients = new Map<string, Promise<Client>>();
  let isCut = false;
  let closed = false;

  const socket = createSocket('udp4');
  socket.bind(listen.port, listen.host);
  await once(socket, 'listening');
  socket.on('error', () => undefined);

  function pass(client: Pick<Client, 'there' | 'back'>, way: 'there' | 'back', send: () => void): void {
    const lost = random[way]() * 100 < impairment.lossPercent;
    const delayMs = impairment.delayMs + random[way]() * impairment.jitterMs;
    if (isCut || lost) {
      counts.dropped += 1;
      return;
    }
    client[way].push(delayMs, () => {
      // What is on its way when the link is cut is lost as well.
      if (isCut || closed) counts.dropped += 1;
      else {
        counts.forwarded += 1;
        send();
      }
    });
  }

  async function openUpstream(client: Omit<Client, 'upstream'>): Promise<Socket> {
    const upstream = createSocket('udp4');
    upstream.bind(0, target.host);
    await once(upstream, 'listening');
    upstream.on('error', () => undefined);
    upstream.on('message', (message) => {
      pass(client, 'back', () => socket.send(message, client.address.port, client.address.host));
    });
    return upstream;
  }

  async function openClient(address: Address): Promise<Client> {
    const lines = { address, there: createDelayLine(), back: createDelayLine() };
    return { ...lines, upstream: await openUpstream(lines) };
  }

  socket.on('message', (message, { address: host, port }) => {
    if (onlyFrom !== undefined && host !== onlyFrom) {
      counts.dropped += 1;
      return;
    }
    const key = `${host}:${port}`;
    const known = clients.get(key) ?? openClient({ host, port });
    clients.set(key, known);
    void known.then((client) => pass(client, 'there', () => client.upstream.send(message, target.port, target.host)));
  });

  return {
    address: { host: listen.host, port: socket.address().port },
    counts,
    cut: () => void (isCut = true),
    restore: () => void (isCut = false),
    async rebind() {
      for (const client of await Promise.all(clients.values())) {
        const before = client.upstream;
        client.upstream = await openUpstream(client);
        before.close();
      }
    },
    setDelay: (delayMs) => void (impairment.delayMs = delayMs),
    setLoss: (lossPercent) => void (impairment.lossPercent = lossPercent),
    async close() {
      if (closed) return;
      closed = true;
      socket.close();
      for (const client of await Promise.all(clients.values())) {
        client.there.close();
        client.back.close();
        client.upstream.close();
      }
    },
  };
}
