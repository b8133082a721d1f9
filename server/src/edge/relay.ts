import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fact } from '../kernel/bus.ts';
import type { Log } from '../kernel/log.ts';

/** What a process tells the others. Nothing here matters if it is lost: all that counts is in the database. */
export type Relayed =
  | { is: 'facts'; facts: Fact[] }
  /** A subject's line is here: an older one elsewhere is `replaced`. */
  | { is: 'line'; subject: string }
  /** Where somebody is in a shared form. */
  | { is: 'sharing'; said: unknown }
  /** What is being drawn on a page. */
  | { is: 'drawing'; said: unknown }
  /** What a speech service made of somebody’s voice. */
  | { is: 'hearing'; said: unknown }
  /** What somebody did with a sheet that two look at. */
  | { is: 'explaining'; said: unknown }
  /** Something that this process told may not have come: look at everything anew. */
  | { is: 'gap' };

export type Relay = {
  send(message: Relayed): void;
  on(handler: (message: Relayed) => void): void;
  /** May be called twice. */
  close(): Promise<void>;
};

/** Alone: there is nobody to tell. */
export const noRelay: Relay = { send: () => undefined, on: () => undefined, close: async () => undefined };

const STREAM = 'openvtm:told';
/** Some minutes of a busy day; who was away for longer looks at everything anew. */
const KEPT = 20_000;
const BLOCK_MS = 2_000;
const AGAIN_MS = 300;

type Entry = [id: string, fields: string[]];

/**
 * Carries messages between the processes over one Redis stream, in order and, over a short loss of Redis, without a gap.
 * After any loss of the connection both sides are told that there may be one.
 */
export function openRelay({ url, instance, log }: { url: string; instance: string; log: Log }): Relay {
  const handlers = new Set<(message: Relayed) => void>();
  const closing = new AbortController();
  const connect = (options: { lazyConnect?: true; retryStrategy: (times: number) => number | null }) =>
    new Redis(url, {
      ...options,
      maxRetriesPerRequest: null,
      enableOfflineQueue: false,
      // What waits for an answer fails with the connection, and is not kept for one that may never come.
      autoResendUnfulfilledCommands: false,
    }).on('error', (error: Error) => log.warn({ err: error }, 'the relay between processes lost Redis'));
  const writer = connect({ retryStrategy: (times) => Math.min(times * 100, 1_000) });
  let reader: Redis | null = null;
  let missed = false;
  let from: string | null = null;

  const send = (message: Relayed) => {
    const text = JSON.stringify({ from: instance, message });
    // What is lost here, before the first connection too, is made good by the gap that the next one tells.
    writer.xadd(STREAM, 'MAXLEN', '~', KEPT, '*', 'm', text).catch(() => (missed = true));
  };
  const tell = (message: Relayed) => {
    for (const handler of handlers) {
      try {
        handler(message);
      } catch (error) {
        log.error({ err: error, is: message.is }, 'a message from another process failed');
      }
    }
  };
  writer.on('ready', () => {
    if (!missed) return;
    missed = false;
    send({ is: 'gap' });
  });

  /** Where reading goes on: after the newest there is, which a Redis that lost everything counts anew. */
  const place = async (redis: Redis): Promise<string> => {
    const [newest] = (await redis.xrevrange(STREAM, '+', '-', 'COUNT', 1)) as Entry[];
    if (from !== null) tell({ is: 'gap' });
    return newest?.[0] ?? '0';
  };
  const take = ([id, [, text]]: Entry) => {
    from = id;
    const read = JSON.parse(text ?? '{}') as { from?: string; message?: Relayed };
    if (read.from !== instance && read.message) tell(read.message);
  };
  const readOn = async (redis: Redis) => {
    await redis.connect();
    from = await place(redis);
    while (!closing.signal.aborted) {
      const answer = await redis.xread('COUNT', 200, 'BLOCK', BLOCK_MS, 'STREAMS', STREAM, from);
      for (const entry of answer?.[0]?.[1] ?? []) take(entry);
    }
  };
  const poll = async () => {
    while (!closing.signal.aborted) {
      reader = connect({ lazyConnect: true, retryStrategy: () => null });
      await readOn(reader).catch(() => undefined);
      reader.disconnect();
      await delay(AGAIN_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const polling = poll();

  return {
    send,
    on: (handler) => void handlers.add(handler),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      handlers.clear();
      reader?.disconnect();
      // What was just said still goes out, unless Redis is away.
      if (writer.status === 'ready')
        await Promise.race([writer.quit().catch(() => undefined), delay(AGAIN_MS, undefined, { ref: false })]);
      writer.disconnect();
      await polling;
    },
  };
}
