import { chmodSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../server/src/kernel/postgres/index.ts';
import { quietLog, removeDataFolder } from '../server/src/kernel/testing.ts';

const PREFIX = 'openvtm-tests-';

/** Vitest's global set-up: one real Postgres for all tests of a run; `testDatabase()` gives each test its own database. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  // As root, the user who runs Postgres must be able to pass through.
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog });
  provide('postgres', postgres.connection);
  return async () => {
    await postgres.close();
    removeDataFolder(dataDir);
  };
}

/** Of runs that were killed: their Postgres still runs. One that is in use refuses to start, and stays. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const dataDir = join(tmpdir(), name);
    // Written once the folder is locked: without it, the folder may belong to a run that has only just begun.
    if (!name.startsWith(PREFIX) || !existsSync(join(dataDir, 'openvtm.pid'))) continue;
    try {
      const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog });
      await postgres.close();
      removeDataFolder(dataDir);
    } catch {
      continue;
    }
  }
}
