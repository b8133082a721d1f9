import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import { Language, type CaptionSimulatorState } from '@openvtm/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { silent, speechAfter, type Speech } from './speech.ts';

export type CaptionSimulator = {
  readonly url: string;
  readonly behaviour: CaptionSimulatorState['behaviour'];
  /** How many speakers it listens to just now. */
  readonly listening: number;
  /** `down`: hangs up on everybody and answers nobody, until it is told `usual`. */
  tell(behaviour: CaptionSimulatorState['behaviour']): void;
  /** May be called twice. */
  close(): Promise<void>;
};

const same = (given: string, right: string) =>
  given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));

/** A speech service that invents its words, and has them only while there is really a voice. On loopback, a port of its own. */
export async function startCaptionSimulator({ token }: { token: string }): Promise<CaptionSimulator> {
  let behaviour: CaptionSimulatorState['behaviour'] = 'usual';
  const server = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => {
    const [, given = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (behaviour === 'down' || !same(given, token)) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (opened) => speak(opened));
  });

  function speak(socket: WebSocket): void {
    let language: Language = 'zh-CN';
    let speech: Speech = silent;
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      if (!isBinary) {
        const asked = JSON.parse(bytes.toString('utf8')) as { language?: unknown };
        language = Language.catch('zh-CN').parse(asked.language);
        return;
      }
      const next = speechAfter(speech, { level: -(bytes[0] ?? 127), language });
      speech = next.speech;
      if (next.words) socket.send(JSON.stringify(next.words));
    });
  }
  const hangUp = () => {
    for (const one of sockets.clients) one.terminate();
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | null = null;
  return {
    url: `ws://127.0.0.1:${port}`,
    get behaviour() {
      return behaviour;
    },
    get listening() {
      return sockets.clients.size;
    },
    tell(next) {
      behaviour = next;
      if (next === 'down') hangUp();
    },
    close() {
      closing ??= new Promise((resolve) => {
        hangUp();
        sockets.close();
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}
