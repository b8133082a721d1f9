import { join } from 'node:path';
import type { Config } from './config/index.ts';
import type { Connection } from './kernel/db.ts';
import type { Log } from './kernel/log.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from './kernel/postgres/index.ts';

/** A command that can't do what was asked; said without a stack. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The configured database for a command: another's, that of a running server, or ours, run for as long as this takes. */
export async function reachDatabase(
  config: Config,
  log: Log,
): Promise<{ connection: Connection; close(): Promise<void> }> {
  if (config.databaseUrl) return { connection: config.databaseUrl, close: async () => undefined };
  const dataDir = join(config.dataDir, 'postgres');
  const found = findEmbeddedPostgres({ dataDir });
  if (!found)
    throw new Refused(
      `There is no database in ${dataDir}. Name the data folder with OPENVTM_DATA, or the database with DATABASE_URL.`,
    );
  if (found.running) return { connection: found.running, close: async () => undefined };
  return startEmbeddedPostgres({ dataDir, log });
}
