import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

/** The web server, with TLS or without; it does not listen yet. */
export const createWebServer = (listener: RequestListener, tls: { cert: string; key: string } | null): Server =>
  tls ? createHttpsServer(tls, listener) : createHttpServer(listener);

/** Listens and resolves with the port; rejects when it is taken. */
export async function listenAt(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
