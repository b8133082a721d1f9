import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PoolClient } from 'pg';
import { DatabaseError } from 'pg';
import type { Database } from './db.ts';

/** A module's tables: `dir` is the folder with its `NNNN-name.sql` files, numbered from 0001 without gaps. */
export interface Migrations {
  schema: string;
  dir: URL;
}

export interface Migration {
  schema: string;
  /** For example `0001-tickets.sql`. */
  name: string;
  path: string;
  sql: string;
  sha256: string;
}

/** The tables of the kernel itself; every other module's come after them. */
export const kernelMigrations: Migrations = { schema: 'kernel', dir: new URL('./migrations/', import.meta.url) };

/** The files and what the database says was applied do not fit together; the message names the file. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;
/** "ovtm" in ASCII: any number will do, if no one else on the same database locks it. */
const LOCK = 0x6f76746d;
const WAIT_FOR_LOCKS = '60s';

/**
 * Brings the database to the state that the files describe: modules in the order given, files by number, each in a
 * transaction of its own, with its module's schema as `search_path`. Two processes that start at once do it one after the other.
 *
 * Everything is checked before the first file runs.
 *
 * @returns what was applied now, for example `['queue/0002-skills.sql']`
 * @throws MigrationRefused for a file that was changed or removed after it was applied, misnamed or missing
 */
export async function migrate(database: Database, modules: readonly Migrations[]): Promise<string[]> {
  const files = readMigrations(modules);
  const client = await database.pool.connect();
  try {
    // Building an index may take longer than any request, so only waiting for locks is limited.
    await client.query(`set statement_timeout = 0; set lock_timeout = '${WAIT_FOR_LOCKS}'`);
    await client.query(`select pg_advisory_lock(${LOCK})`).catch(throwInWords);
    await client.query(
      `create schema if not exists kernel;
      create table if not exists kernel.migration (
        schema text not null,
        name text not null,
        sha256 text not null,
        applied_at bigint not null,
        primary key (schema, name)
      )`,
    );
    const pending = comparePending(modules, files, await readApplied(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ schema, name }) => `${schema}/${name}`);
  } finally {
    // Closed, not given back: this frees the lock and forgets the settings, whatever happened.
    client.release(true);
  }
}

/** lock_not_available is what Postgres calls its lock_timeout. */
function throwInWords(cause: unknown): never {
  if (!(cause instanceof DatabaseError) || cause.code !== '55P03') throw cause;
  throw new MigrationRefused(
    `Another OpenVTM has been changing the tables of this database for ${WAIT_FOR_LOCKS}. Start again when it is done.`,
    { cause },
  );
}

/** Reads the files of all modules, in the order in which they run; throws MigrationRefused for a bad name or number. */
export function readMigrations(modules: readonly Migrations[]): Migration[] {
  return modules.flatMap(readModule);
}

function readModule({ schema, dir }: Migrations): Migration[] {
  const folder = fileURLToPath(dir);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((name, index) => {
    const path = join(folder, name);
    const number = FILE.exec(name)?.[1];
    if (number === undefined) {
      throw new MigrationRefused(`${path} must be named like 0001-what-it-does.sql.`);
    }
    if (Number(number) !== index + 1) {
      const expected = String(index + 1).padStart(4, '0');
      throw new MigrationRefused(`${path} comes where number ${expected} should be: a file is missing or there twice.`);
    }
    const sql = readFileSync(path, 'utf8');
    return { schema, name, path, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

async function readApplied(client: PoolClient): Promise<Map<string, string>> {
  const { rows } = await client.query<{ key: string; sha256: string }>(
    `select schema || '/' || name as key, sha256 from kernel.migration order by schema, name`,
  );
  return new Map(rows.map(({ key, sha256 }) => [key, sha256]));
}

function comparePending(modules: readonly Migrations[], files: Migration[], applied: Map<string, string>): Migration[] {
  const byKey = new Map(files.map((file) => [`${file.schema}/${file.name}`, file]));
  const schemas = new Set(modules.map(({ schema }) => schema));
  for (const [key, sha256] of applied) {
    // A module that is gone keeps its tables; its files are nobody's concern here.
    if (!schemas.has(key.slice(0, key.indexOf('/')))) continue;
    const file = byKey.get(key);
    if (!file) {
      throw new MigrationRefused(
        `The migration ${key} was applied to this database, but its file is missing. ` +
          'Either the file was removed (bring it back), or a newer OpenVTM used this database (start that one).',
      );
    }
    if (file.sha256 !== sha256) {
      throw new MigrationRefused(
        `${file.path} was changed after it had been applied. Undo the change and put it into a new file instead.`,
      );
    }
  }
  return files.filter(({ schema, name }) => !applied.has(`${schema}/${name}`));
}

async function apply(client: PoolClient, { schema, name, path, sql, sha256 }: Migration): Promise<void> {
  const quoted = client.escapeIdentifier(schema);
  try {
    await client.query('begin');
    await client.query(`create schema if not exists ${quoted}; set local search_path = ${quoted}, public`);
    await client.query(sql);
    await client.query(
      `insert into kernel.migration (schema, name, sha256, applied_at)
      values ($1, $2, $3, (extract(epoch from clock_timestamp()) * 1000)::bigint)`,
      [schema, name, sha256],
    );
    await client.query('commit');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The migration ${path} failed and was undone: ${reason}`, { cause });
  }
}
