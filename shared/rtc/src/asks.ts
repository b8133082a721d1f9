import type { Answer, ErrorCode, In, Out, RequestName } from '@openvtm/protocol';

/** A request that was refused or not answered. `offline`: no answer in time although the line was retried. */
export class RequestFailed extends Error {
  readonly code: ErrorCode | 'offline';
  readonly ref: string;

  constructor(code: ErrorCode | 'offline', ref: string) {
    super(`request failed: ${code}${ref ? ` (${ref})` : ''}`);
    this.name = 'RequestFailed';
    this.code = code;
    this.ref = ref;
  }
}

/** One question on its way: the same id however often it is sent. */
export type Ask = { id: string; name: RequestName; data: unknown };

type Held = Ask & { settle: (answer: Answer<unknown>) => void; fail: (error: RequestFailed) => void };

export type Asks = {
  ask<N extends RequestName>(name: N, data: In<N>, options: { timeoutMs: number; now: boolean }): Promise<Out<N>>;
  /** Sends everything that has no answer yet, each with the id it had before. */
  sendAgain(): void;
  failAll(): void;
};

/**
 * Holds questions until they are answered. `send` puts one on the wire and calls back with its answer, if one comes.
 * An answer settles its question once; a later one to the same question, from an earlier sending, is ignored.
 */
export function createAsks(send: (ask: Ask, answered: (answer: Answer<unknown>) => void) => void): Asks {
  const held = new Map<string, Held>();
  const put = (ask: Held) => send({ id: ask.id, name: ask.name, data: ask.data }, (answer) => ask.settle(answer));

  return {
    ask<N extends RequestName>(name: N, data: In<N>, options: { timeoutMs: number; now: boolean }): Promise<Out<N>> {
      return new Promise<Out<N>>((resolve, reject) => {
        const id = newId();
        const done = () => {
          clearTimeout(timer);
          return held.delete(id);
        };
        const fail = (error: RequestFailed) => {
          if (done()) reject(error);
        };
        const settle = (answer: Answer<unknown>) => {
          if (!answer.ok) fail(new RequestFailed(answer.error.code, answer.error.ref));
          // The server checked its answer against the same schema that Out<N> comes from.
          else if (done()) resolve(answer.data as Out<N>);
        };
        const timer = setTimeout(() => fail(new RequestFailed('offline', '')), options.timeoutMs);
        const ask: Held = { id, name, data, settle, fail };
        held.set(id, ask);
        if (options.now) put(ask);
      });
    },
    sendAgain() {
      for (const ask of held.values()) put(ask);
    },
    failAll() {
      for (const ask of held.values()) ask.fail(new RequestFailed('offline', ''));
    },
  };
}

/** A random UUID (version 4). crypto.randomUUID is missing on pages that are not served over HTTPS; this is not. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
