import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, it, vi } from 'vitest';
import { openDatabase, type Connection, type Database } from './kernel/db.ts';
import { noteHead } from './kernel/journal-head.ts';
import { openJournalKey } from './kernel/journal-key.ts';
import { sealJournal } from './kernel/journal-seal.ts';
import { facts, testJournal, write } from './kernel/journal.fixture.ts';
import { kernelMigrations, migrate } from './kernel/migrate.ts';
import { newFolder, start } from './kernel/postgres/testing.ts';
import { quietLog } from './kernel/testing.ts';

const COMMAND = fileURLToPath(new URL('./verify-journal.ts', import.meta.url));

async function verify(env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, [COMMAND, ...args], { env: { PATH: process.env.PATH, ...env } });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, ...said };
}

/** Seals two blocks of three rows, with the key and the head in the folder; leaves one row unsealed. */
async function sealTwice(database: Database, keyFolder: string): Promise<void> {
  const key = await openJournalKey(keyFolder);
  for (const now of [1, 2]) {
    await write(database, facts(3));
    await sealJournal(database, { key, now });
  }
  await noteHead(database, keyFolder);
  await write(database, facts(1));
}

const edit = (database: Database) =>
  sql
    .raw(`alter table kernel.journal disable trigger user; update kernel.journal set actor_id = 'x' where id = 5`)
    .execute(database.as());

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

it('attaches to the Postgres of a running server, and runs it where none does', async () => {
  const dataDir = dirname(newFolder());
  const env = { OPENVTM_DATA: dataDir };
  const withDatabase = async (connection: Connection, job: (database: Database) => Promise<unknown>) => {
    const database = openDatabase({ connection, log: quietLog, poolSize: 2 });
    await job(database);
    await database.close();
  };

  expect(await verify(env)).toMatchObject({ status: 1, stderr: expect.stringContaining('journal.pub.pem') });
  const keyFolder = join(dataDir, 'keys');
  await openJournalKey(keyFolder);
  expect(await verify(env)).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no database in') });

  const running = await start(join(dataDir, 'postgres'));
  await withDatabase(running.connection, async (database) => {
    expect(await verify(env)).toMatchObject({ status: 1, stderr: expect.stringContaining('no table kernel.block') });
    await migrate(database, [kernelMigrations]);
    await sealTwice(database, keyFolder);
  });
  const clean = await verify(env);
  expect(clean).toMatchObject({ status: 0, stderr: '' });
  expect(clean.stdout).toMatch(
    /^journal: 6 rows in 2 blocks, all as they were written\nnot yet sealed: 1 row\nlast block: 2:[0-9a-f]{64}\n$/,
  );

  await withDatabase(running.connection, edit);
  await running.close();
  expect(await verify(env)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('journal: 1 finding\n  row 5 was edited after block 2 had sealed it\n'),
  });
  // It gave the data folder free and stopped what it had started.
  await (await start(join(dataDir, 'postgres'))).close();
});

it('verifies a database of its own by DATABASE_URL, against blocks that were noted elsewhere', async () => {
  const journal = await testJournal();
  try {
    const { host, port, user, database: name } = journal.connection;
    const keyFolder = join(journal.folder, 'keys');
    mkdirSync(keyFolder);
    await sealTwice(journal.database, keyFolder);
    const env = {
      OPENVTM_DATA: journal.folder,
      DATABASE_URL: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
    };
    const last = /last block: (\S+)/.exec((await verify(env)).stdout)?.[1] ?? '';
    expect(await verify(env, [last])).toMatchObject({ status: 0 });
    const other = `1:${'0'.repeat(64)}`;
    expect(await verify(env, [last, other])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`block 1 with the hash ${'0'.repeat(64)} was sealed once and is not there`),
    });
    expect(await verify(env, ['12'])).toMatchObject({ status: 1, stderr: expect.stringContaining('NUMBER:HASH') });
  } finally {
    await journal.close();
  }
});
