import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDebianPostgres } from '../../debian-postgres.ts';
import { startRedis, type LabRedis } from '../../integration/lab/redis.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import { startServer, type ServerProcess } from './server.ts';

export type Nodes = {
  /** Where browsers go: the balancer. */
  readonly url: string;
  readonly balancer: Balancer;
  readonly a: ServerProcess;
  readonly b: ServerProcess;
  readonly redis: LabRedis;
  close(): Promise<void>;
};

/** Two real server processes behind a balancer, on Debian's Postgres 15 and Redis, as a bank would run them. */
export async function startNodes(options: { drainSeconds?: number } = {}): Promise<Nodes> {
  const dataDir = mkdtempSync(join(tmpdir(), 'openvtm-nodes-'));
  const [postgres, redis] = await Promise.all([startDebianPostgres(), startRedis()]);
  const start = (name: string) =>
    startServer({
      env: (port) => ({
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        OPENVTM_DATA: dataDir,
        OPENVTM_LOG_LEVEL: 'info',
        OPENVTM_NODE: name,
        OPENVTM_NODE_ADDRESS: `http://127.0.0.1:${port}`,
        OPENVTM_DRAIN_SECONDS: String(options.drainSeconds ?? 60),
      }),
    });
  // One after the other: the first brings the database up to date.
  const a = await start('a');
  const b = await start('b');
  const balancer = await startBalancer([a, b].map(({ url }) => Number(new URL(url).port)));
  return {
    url: balancer.url,
    balancer,
    a,
    b,
    redis,
    async close() {
      await balancer.close();
      await Promise.all([a, b].map((node) => node.close()));
      await redis.close();
      await postgres.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
