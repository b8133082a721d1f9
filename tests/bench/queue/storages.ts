import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { userInfo, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase, type Connection, type Database } from '../../../server/src/kernel/db.ts';
import { kernelMigrations, migrate } from '../../../server/src/kernel/migrate.ts';
import { startEmbeddedPostgres } from '../../../server/src/kernel/postgres/index.ts';
import { quietLog, removeDataFolder } from '../../../server/src/kernel/testing.ts';
import { queueSchema } from '../../../server/src/modules/queue/index.ts';
import { freePorts } from '../../ports.ts';

export type Storage = { name: string; connection: Connection; database: Database; close(): Promise<void> };

async function opened(name: string, connection: Connection, stop: () => Promise<void>): Promise<Storage> {
  const database = openDatabase({ connection, log: quietLog });
  await migrate(database, [kernelMigrations, queueSchema]);
  return {
    name,
    connection,
    database,
    async close() {
      await database.close();
      await stop();
    },
  };
}

/** The Postgres that OpenVTM brings along, with its own settings. */
export async function embedded(): Promise<Storage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'openvtm-bench-'));
  // As root, the user who runs Postgres must be able to pass through.
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog });
  return opened('embedded', postgres.connection, async () => {
    await postgres.close();
    removeDataFolder(dataDir);
  });
}

const BINARIES = '/usr/lib/postgresql/15/bin';
/** Debian's own Postgres 15 with its default settings, over TCP, as a bank's would be. */
export async function debian(): Promise<Storage> {
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
  return opened('Postgres 15', connection, async () => {
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
}
