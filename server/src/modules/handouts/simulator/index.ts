import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MessengerBehaviour } from '@openvtm/protocol';
import { messageContract, type Message } from '../messenger.ts';

/** A message service on loopback that keeps what it is given, and can be told to misbehave. */
export type MessengerSimulator = {
  readonly url: string;
  /** Newest last. */
  readonly messages: readonly Message[];
  readonly behaviour: MessengerBehaviour;
  tell(behaviour: MessengerBehaviour): void;
  /** May be called twice. */
  close(): Promise<void>;
};

const MOST_BYTES = 16 * 1024;
const KEPT = 100;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const same = (given: string, right: string) =>
  given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));

export async function startMessengerSimulator({ token }: { token: string }): Promise<MessengerSimulator> {
  const messages: Message[] = [];
  let behaviour: MessengerBehaviour = 'usual';

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const say = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-simulator': 'openvtm' });
      response.end(JSON.stringify(body));
    };
    if (behaviour === 'silent') return;
    if (behaviour === 'failing') return say(500, {});
    if (!same(request.headers.authorization ?? '', `Bearer ${token}`)) return say(401, {});
    if (request.method !== 'POST' || request.url !== '/v1/send') return say(404, {});
    const read = messageContract.in.safeParse(await bodyOf(request).catch(() => null));
    const key = request.headers['idempotency-key'];
    if (!read.success || typeof key !== 'string') return say(400, {});
    if (behaviour === 'refusing') return say(200, { state: 'refused' });
    if (!messages.some((one) => one.key === key)) messages.push({ key, ...read.data });
    messages.splice(0, messages.length - KEPT);
    say(200, { state: 'sent' });
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let closed: Promise<void> | null = null;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    get behaviour() {
      return behaviour;
    },
    tell: (next) => void (behaviour = next),
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })),
  };
}
