import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from './testing.ts';

it('gives each caller a database of its own, with the tables of the kernel, and drops it at the end', async () => {
  const [first, second] = await Promise.all([testDatabase(), testDatabase()]);
  await sql`create table public.mine (id int)`.execute(first.database.as());
  const seen = await sql<{ mine: string | null; journal: string | null }>`
    select to_regclass('public.mine')::text as mine, to_regclass('kernel.journal')::text as journal
  `.execute(second.database.as());
  expect(seen.rows).toEqual([{ mine: null, journal: 'kernel.journal' }]);

  await first.close();
  const left = await sql<{ datname: string }>`
    select datname from pg_database where datname in (${first.connection.database}, ${second.connection.database})
  `.execute(second.database.as());
  expect(left.rows).toEqual([{ datname: second.connection.database }]);
  await second.close();
});

it('runs the migrations once for all who want the same tables, and copies the outcome', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'openvtm-testing-'));
  writeFileSync(join(dir, '0001-born.sql'), 'create table born as select gen_random_uuid() as id');
  const modules = [{ schema: 'queue', dir: pathToFileURL(dir) }];
  const copies = [...(await Promise.all([testDatabase(modules), testDatabase(modules)])), await testDatabase(modules)];
  rmSync(dir, { recursive: true });
  const ids = await Promise.all(
    copies.map(({ database }) => sql<{ id: string }>`select id from queue.born`.execute(database.as())),
  );
  expect(new Set(ids.map(({ rows }) => rows[0]?.id)).size).toBe(1);
  await Promise.all(copies.map((copy) => copy.close()));
});
