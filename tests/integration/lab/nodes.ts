import { afterEach } from 'vitest';
import { startApp, type App } from '../../../server/src/app.ts';
import { DEMO_PASSWORD } from '../../../server/src/flows/seed-demo.ts';
import { createLog } from '../../../server/src/kernel/log.ts';
import { freePorts } from '../../ports.ts';
import { createHttp } from './http.ts';
import { startLab, type Lab } from './index.ts';
import { startRedis, type LabRedis } from './redis.ts';
import { signInLabStaff, type LabStaff } from './staff.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Second = { app: App; mediaPort: number; staff(username: string): Promise<LabStaff> };
export type TwoNodes = { lab: Lab; b: Second; redis: LabRedis };

/** The lab's server as node `a`, and a second process's worth of server as node `b`, on one database and one Redis. */
export async function twoNodes(): Promise<TwoNodes> {
  const redis = await startRedis();
  const [portA, portB, mediaB] = await Promise.all([freePorts(), freePorts(), freePorts()]);
  const clusterOf = (name: string, port: number) => ({
    name,
    address: `http://127.0.0.1:${port}`,
    redisUrl: redis.url,
    drainSeconds: 5,
  });
  const lab = await startLab({ port: portA, cluster: clusterOf('a', portA) });
  const app = await startApp({
    config: {
      ...lab.config,
      port: portB,
      cluster: clusterOf('b', portB),
      media: { ...lab.config.media, basePort: mediaB },
    },
    connection: lab.connection,
    clock: lab.clock.now,
    log: createLog({ level: 'silent' }),
    version: '0.0.0-lab',
  });
  const needs = { url: app.url, http: createHttp(app.url), now: lab.clock.now };
  const clients: LabStaff[] = [];
  // The lab closes node `a` and drops the database after every test: this one goes first, Redis last of all.
  cleanups.push(
    () => redis.close(),
    async () => {
      for (const client of clients) client.leave();
      await app.close('the test is over');
    },
  );
  return {
    lab,
    redis,
    b: {
      app,
      mediaPort: mediaB,
      async staff(username) {
        const client = await signInLabStaff({ ...needs, username, password: DEMO_PASSWORD });
        clients.push(client);
        await client.open();
        return client;
      },
    },
  };
}
