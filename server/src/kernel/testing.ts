import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { inject } from 'vitest';
import type { Database } from './db.ts';
import { openDatabase } from './db.ts';
import type { Migrations } from './migrate.ts';
import { kernelMigrations, migrate, readMigrations } from './migrate.ts';
import type { Log } from './postgres/index.ts';

/** Where the Postgres of this test run is; set by tests/database.ts. */
export type TestPostgres = { host: string; port: number; user: string; database: string };

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}

export interface TestDatabase {
  database: Database;
  /** For a test that opens the database itself, as a second process would. */
  connection: TestPostgres;
  /** Closes and drops the database. */
  close(): Promise<void>;
}

export const quietLog: Log = { info() {}, warn() {}, error() {} };

/** More than one or two tests at once need, and few enough for all the tests that run side by side. */
const POOL_SIZE = 5;
const DOES_NOT_EXIST = '3D000';
const NOT_PERMITTED = '42501';
const DROP_TRIES = 50;

/**
 * Makes a fresh database on the Postgres of this test run, with the tables of the kernel and of the modules given.
 *
 * The migrations run once per set of modules; each database is then copied from that one, about 30 ms.
 */
export async function testDatabase(modules: readonly Migrations[] = []): Promise<TestDatabase> {
  const server = inject('postgres');
  if (!server) throw new Error('This test needs globalSetup: tests/database.ts in the vitest configuration.');
  const all = [kernelMigrations, ...modules];
  const template = `template_${fingerprint(all)}`;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(server, async (admin) => {
    const copy = () => admin.query(`create database ${name} template ${template}`);
    try {
      await copy();
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== DOES_NOT_EXIST) throw error;
      await makeTemplate(admin, { server, template, modules: all });
      await copy();
    }
  });
  const connection = { ...server, database: name };
  const database = openDatabase({ connection, log: quietLog, poolSize: POOL_SIZE });
  return {
    database,
    connection,
    async close() {
      await database.close();
      await asAdmin(server, (admin) => drop(admin, name));
    },
  };
}

/** Removes a data folder, and the folder of its database where that is elsewhere. */
export function removeDataFolder(dataDir: string): void {
  const note = join(dataDir, 'postgres-folder.txt');
  const elsewhere = existsSync(note) ? readFileSync(note, 'utf8').split('\n')[0] : undefined;
  if (elsewhere) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

interface Template {
  server: TestPostgres;
  template: string;
  modules: readonly Migrations[];
}

/** Under its final name only when it is complete; test processes that want it at once wait for the first one. */
async function makeTemplate(admin: Client, { server, template, modules }: Template): Promise<void> {
  await admin.query(`select pg_advisory_lock(hashtext('${template}'))`);
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
  if (rowCount === 1) return;
  const unfinished = `${template}_unfinished`;
  await admin.query(`drop database if exists ${unfinished} with (force)`);
  await admin.query(`create database ${unfinished}`);
  const database = openDatabase({ connection: { ...server, database: unfinished }, log: quietLog, poolSize: 1 });
  try {
    await migrate(database, modules);
  } finally {
    await database.close();
  }
  await admin.query(`alter database ${unfinished} rename to ${template}`);
}

function fingerprint(modules: readonly Migrations[]): string {
  const hash = createHash('sha256');
  for (const { schema, name, sha256 } of readMigrations(modules)) hash.update(`${schema}/${name} ${sha256}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** An autovacuum may be at work in the database: nobody may end it, and it is done in a moment. */
async function drop(admin: Client, name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await admin.query(`drop database ${name} with (force)`);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== NOT_PERMITTED || tries === DROP_TRIES) throw error;
      await delay(100);
    }
  }
}

/** A connection of its own each time: ending it frees its locks. */
async function asAdmin<T>(server: TestPostgres, task: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ ...server, database: 'postgres', ssl: false });
  await admin.connect();
  try {
    return await task(admin);
  } finally {
    await admin.end();
  }
}
