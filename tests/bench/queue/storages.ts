import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Connection, type Database } from '../../../server/src/kernel/db.ts';
import { kernelMigrations, migrate } from '../../../server/src/kernel/migrate.ts';
import { startEmbeddedPostgres } from '../../../server/src/kernel/postgres/index.ts';
import { quietLog, removeDataFolder } from '../../../server/src/kernel/testing.ts';
import { queueSchema } from '../../../server/src/modules/queue/index.ts';
import { startDebianPostgres } from '../../debian-postgres.ts';

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

/** Debian's own Postgres 15 with its default settings, over TCP, as a bank's would be. */
export async function debian(): Promise<Storage> {
  const postgres = await startDebianPostgres();
  return opened('Postgres 15', postgres.connection, () => postgres.close());
}
