import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '../server/src/kernel/db.ts';
import { quietLog } from '../server/src/kernel/testing.ts';
import { freePorts } from './ports.ts';

const BINARIES = '/usr/lib/postgresql/15/bin';

export type DebianPostgres = {
  connection: { host: string; port: number; user: string; database: string };
  url: string;
  close(): Promise<void>;
};

/** Debian's own Postgres 15 with its default settings, over TCP, as a bank's would be. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-bench-15-'));
  const data = join(folder, 'data');
  const port = await freePorts();
  // Postgres refuses to run as root; then Debian's account for it does.
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const as = userInfo().uid === 0 ? { uid: id('-u'), gid: id('-g') } : {};
  if ('uid' in as && as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  execFileSync(join(BINARIES, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'], {
    ...as,
    stdio: 'ignore',
    cwd: '/',
  });
  const server = spawn(join(BINARIES, 'postgres'), ['-D', data, '-p', String(port), '-k', folder], {
    ...as,
    stdio: 'ignore',
    cwd: '/',
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const connection = { host: '127.0.0.1', port, user: 'bench', database: 'postgres' };
  for (const probe = openDatabase({ connection, log: quietLog, poolSize: 1 }); ;) {
    if (await probe.healthy()) {
      await probe.close();
      break;
    }
    await delay(100);
  }
  return {
    connection,
    url: `postgres://bench@127.0.0.1:${port}/postgres`,
    async close() {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
