import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Under 32,768, where Linux takes the local ports of outgoing connections from, which no look can foresee. */
const FROM = 15_000;
const BELOW = 32_000;

async function isFree(port: number): Promise<boolean> {
  const tcp = createServer();
  const udp = createSocket('udp4');
  try {
    tcp.listen(port, '0.0.0.0');
    await once(tcp, 'listening');
    udp.bind(port, '0.0.0.0');
    await once(udp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    udp.close();
    await new Promise((resolve) => tcp.close(resolve));
  }
}

/**
 * The first of `count` ports in a row that are free for TCP and UDP on every address of this machine, as media workers
 * need them. Chosen at random, so that test files that run at the same time seldom meet.
 */
export async function freePorts(count = 1): Promise<number> {
  for (;;) {
    const base = FROM + Math.floor(Math.random() * (BELOW - FROM - count));
    const all = await Promise.all(Array.from({ length: count }, (_, index) => isFree(base + index)));
    if (all.every(Boolean)) return base;
  }
}
