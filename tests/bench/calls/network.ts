import type { Browser } from 'playwright-core';
import { startServer, type ServerProcess } from '../../e2e/lab/server.ts';
import { tcpRelay, type TcpRelay, udpRelay, type UdpRelay } from '../../faults/relay/index.ts';
import type { Seat } from '../recovery/moving.ts';
import { openCalls } from './stage.ts';

export type Network = { server: ServerProcess; media: UdpRelay; line: TcpRelay; seats: Seat[] };

/** Runs `job` with calls whose media and lines go through relays on loopback, which it may harm. */
export async function overRelays<T>(
  browser: Browser,
  { calls }: { calls: number },
  job: (network: Network) => Promise<T>,
): Promise<T> {
  const server = await startServer({ env: () => ({ OPENVTM_LOG_LEVEL: 'error', OPENVTM_MEDIA_ADDRESS: '127.0.0.2' }) });
  const [host, port] = ['127.0.0.1', server.mediaPort];
  const media = await udpRelay({ listen: { host: '127.0.0.2', port }, target: { host, port } });
  const line = await tcpRelay({ listen: { host, port: 0 }, target: { host, port: Number(new URL(server.url).port) } });
  try {
    return await job({
      server,
      media,
      line,
      seats: await openCalls(browser, `http://${host}:${line.address.port}`, { calls }),
    });
  } finally {
    await media.close();
    await line.close();
    await server.close();
  }
}
