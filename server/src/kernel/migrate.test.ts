import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from './db.ts';
import type { Migrations } from './migrate.ts';
import { migrate } from './migrate.ts';
import type { TestDatabase } from './testing.ts';
import { quietLog, testDatabase } from './testing.ts';

let test: TestDatabase;
let folder: string;
beforeEach(async () => {
  test = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'openvtm-migrate-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await test.close();
});

function module(schema: string, files: Record<string, string>): Migrations {
  const dir = mkdtempSync(join(folder, `${schema}-`));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return { schema, dir: pathToFileURL(dir) };
}

const fileOf = (of: Migrations, name: string) => join(of.dir.pathname, name);

async function rows(query: string): Promise<unknown[]> {
  return (await sql.raw(query).execute(test.database.as())).rows;
}

it('runs modules in the order given and files by number, each once, in the schema of its module', async () => {
  const queue = module('queue', {
    '0002-grow.sql': 'insert into log values (2); insert into log values (3);',
    '0001-log.sql': 'create table log (n bigint); insert into log values (1);',
  });
  const calls = module('calls', { '0001-view.sql': 'create view log as select * from queue.log' });
  expect(await migrate(test.database, [queue, calls])).toEqual([
    'queue/0001-log.sql',
    'queue/0002-grow.sql',
    'calls/0001-view.sql',
  ]);
  expect(await migrate(test.database, [queue, calls])).toEqual([]);
  expect(await rows('select n from calls.log order by n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);

  writeFileSync(fileOf(queue, '0003-more.sql'), 'insert into log values (4)');
  expect(await migrate(test.database, [queue, calls])).toEqual(['queue/0003-more.sql']);
  expect(
    await rows(`select schema, name, length(sha256) as hash, applied_at > 1700000000000 as now
      from kernel.migration where schema = 'calls'`),
  ).toEqual([{ schema: 'calls', name: '0001-view.sql', hash: 64, now: true }]);
});

it('undoes a file that fails and keeps those before it; the next start goes on there', async () => {
  const queue = module('queue', {
    '0001-good.sql': 'create table good (n int)',
    '0002-bad.sql': 'create table half (n int); create table good (n int)',
  });
  await expect(migrate(test.database, [queue])).rejects.toThrow(
    `The migration ${fileOf(queue, '0002-bad.sql')} failed and was undone: relation "good" already exists`,
  );
  expect(await rows(`select to_regclass('queue.half') as half, to_regclass('queue.good')::text as good`)).toEqual([
    { half: null, good: 'queue.good' },
  ]);
  writeFileSync(fileOf(queue, '0002-bad.sql'), 'create table half (n int)');
  expect(await migrate(test.database, [queue])).toEqual(['queue/0002-bad.sql']);
});

it('refuses, before anything runs, a file that was changed, removed or renamed after it was applied', async () => {
  const queue = module('queue', { '0001-a.sql': 'create table a (n int)', '0002-b.sql': 'create table b (n int)' });
  const later = module('later', { '0001-c.sql': 'create table c (n int)' });
  await migrate(test.database, [queue]);

  writeFileSync(fileOf(queue, '0001-a.sql'), 'create table a (n bigint)');
  await expect(migrate(test.database, [later, queue])).rejects.toMatchObject({
    name: 'MigrationRefused',
    message: expect.stringContaining(`${fileOf(queue, '0001-a.sql')} was changed after it had been applied`),
  });
  writeFileSync(fileOf(queue, '0001-a.sql'), 'create table a (n int)');

  renameSync(fileOf(queue, '0002-b.sql'), fileOf(queue, '0002-bee.sql'));
  await expect(migrate(test.database, [later, queue])).rejects.toThrow(
    'queue/0002-b.sql was applied to this database, but its file is missing',
  );
  rmSync(fileOf(queue, '0002-bee.sql'));
  await expect(migrate(test.database, [later, queue])).rejects.toThrow('queue/0002-b.sql was applied');
  expect(await rows(`select to_regclass('later.c') as c`)).toEqual([{ c: null }]);
});

it.each([
  { files: ['0001-a.sql', '0003-c.sql'], refused: /0003-c\.sql comes where number 0002 should be/ },
  { files: ['0001-a.sql', '0001-b.sql'], refused: /0001-b\.sql comes where number 0002 should be/ },
  { files: ['1-a.sql'], refused: /1-a\.sql must be named like 0001-what-it-does\.sql/ },
])('refuses the files $files', async ({ files, refused }) => {
  const queue = module('queue', Object.fromEntries(files.map((name) => [name, 'select 1'])));
  await expect(migrate(test.database, [queue])).rejects.toThrow(refused);
});

it('runs each file once when several processes start at the same moment', async () => {
  const queue = module('queue', {
    '0001-log.sql': 'create table log (n bigint); select pg_sleep(0.1)',
    '0002-line.sql': 'insert into log values (1)',
  });
  const processes = Array.from({ length: 4 }, () => openDatabase({ connection: test.connection, log: quietLog }));
  const applied = await Promise.all(processes.map((database) => migrate(database, [queue])));
  expect(applied.filter((names) => names.length > 0)).toEqual([['queue/0001-log.sql', 'queue/0002-line.sql']]);
  expect(await rows('select n from queue.log')).toEqual([{ n: 1 }]);
  await Promise.all(processes.map((database) => database.close()));
});
