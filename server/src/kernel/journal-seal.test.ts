import { verify as verifySignature } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase, type Database } from './db.ts';
import { noteHead, readHeads } from './journal-head.ts';
import { openJournalKey } from './journal-key.ts';
import { sealJournal } from './journal-seal.ts';
import { SYSTEM, writeJournal } from './journal.ts';
import { facts, testJournal, write, type TestJournal } from './journal.fixture.ts';
import { quietLog } from './testing.ts';

let journal: TestJournal;
let database: Database;
beforeEach(async () => {
  journal = await testJournal();
  ({ database } = journal);
});
afterEach(() => journal.close());

const query = async <T>(text: string) => (await sql.raw(text).execute(database.as())).rows as T[];
const verify = () => database.transaction((tx) => journal.verify(tx));

it('seals what was committed since the last block, and nothing where there is nothing', async () => {
  expect(await journal.seal()).toBe(0);
  await journal.write(facts(3));
  await journal.writeInVain(2);
  expect(await journal.seal()).toBe(3);
  expect(await journal.seal()).toBe(0);
  await journal.write(facts(2));
  expect(await journal.seal()).toBe(2);
  await journal.write(facts(1));
  expect(await query('select number, first_id, last_id, row_ids from kernel.block order by number')).toEqual([
    { number: 1, first_id: 1, last_id: 3, row_ids: [1, 2, 3] },
    { number: 2, first_id: 6, last_id: 7, row_ids: [6, 7] },
  ]);
  expect(await verify()).toMatchObject({ findings: [], verdict: { rows: 5, blocks: 2, unsealed: 1 } });
});

it('makes blocks of at most 10,000 rows', async () => {
  await query(`insert into kernel.journal (at, actor_kind, actor_id, kind, about, data)
    select n, 'system', 'openvtm', 'test.noted', '{}', '{}' from generate_series(1, 20001) n`);
  expect(await journal.seal()).toBe(20_001);
  expect(await query('select cardinality(row_ids) as rows from kernel.block order by number')).toEqual([
    { rows: 10_000 },
    { rows: 10_000 },
    { rows: 1 },
  ]);
  expect(await verify()).toMatchObject({ findings: [], verdict: { rows: 20_001, blocks: 3, unsealed: 0 } });
});

it('refuses to change, remove or empty blocks', async () => {
  await journal.write(facts(1));
  await journal.seal();
  for (const change of ['update kernel.block set sealed_at = 1', 'delete from kernel.block', 'truncate kernel.block'])
    await expect(query(change)).rejects.toThrow('append-only');
});

it('waits with a row whose transaction is still open, and with all after it', async () => {
  await journal.write(facts(1));
  let commit = () => {};
  const mayCommit = new Promise<void>((resolve) => (commit = resolve));
  let wrote = () => {};
  const written = new Promise<void>((resolve) => (wrote = resolve));
  const slow = database.transaction(async (tx) => {
    await writeJournal(tx, facts(1), { actor: SYSTEM, now: 1 });
    wrote();
    await mayCommit;
  });
  await written;
  await journal.write(facts(1));
  const meanwhile = await journal.seal();
  commit();
  await slow;
  expect([meanwhile, await journal.seal()]).toEqual([0, 3]);
  expect(await verify()).toMatchObject({ findings: [], verdict: { rows: 3, blocks: 1, unsealed: 0 } });
});

it('makes one chain of several processes that seal while others write, and loses no row', async () => {
  const processes = Array.from({ length: 3 }, () =>
    openDatabase({ connection: journal.connection, log: quietLog, poolSize: 3 }),
  );
  const writing = { on: true };
  const writers = Promise.all(
    processes.map(async (process) => {
      for (let n = 0; n < 40; n += 1) await write(process, facts(1 + (n % 3)));
    }),
  ).finally(() => (writing.on = false));
  const sealers = processes.flatMap((process) =>
    [1, 2].map(async () => {
      for (let now = 1; writing.on; now += 1) await sealJournal(process, { key: journal.key, now });
    }),
  );
  await Promise.all([writers, ...sealers]);
  await journal.seal();
  const [{ blocks, rows } = {}] = await query<{ blocks?: number; rows?: number }>(
    'select (select count(*) from kernel.block) as blocks, (select count(*) from kernel.journal) as rows',
  );
  expect(blocks).toBeGreaterThan(1);
  expect(await verify()).toMatchObject({ findings: [], verdict: { rows, blocks, unsealed: 0 } });
  await Promise.all(processes.map((process) => process.close()));
});

it('hashes and signs so that another program comes to the same, from docs/journal-format.md', async () => {
  const odd = {
    kind: 'test."odd"',
    about: { 'a,b:c': 'Müller 客户 \n\\ \u{1f3e6}' },
    data: { big: 12_345.678, no: null },
  };
  await journal.write([odd, ...facts(2)]);
  await journal.seal();
  await journal.write(facts(1));
  await journal.seal();

  const columns = ['id::text', 'at::text', 'actor_kind', 'actor_id', 'kind', 'about::text', 'data::text'];
  const parts = ["'openvtm journal row 1'", ...columns].map((text) => `octet_length(${text}) || ':' || ${text} || ','`);
  const rows = `select encode(sha256(convert_to(${parts.join(' || ')}, 'UTF8')), 'hex') as hash from kernel.journal order by id`;
  const rowHashes = (await query<{ hash: string }>(rows)).map(({ hash }) => hash);
  const text = [
    'openvtm journal block 1',
    'number 1',
    'rows 3 from 1 to 3',
    'sealed-at 1790000010000',
    `previous ${'0'.repeat(64)}`,
    ...rowHashes.slice(0, 3).map((hash, index) => `${index + 1} ${hash}`),
  ];
  const lines = text.map((line) => `${line}\n`).join('');
  const [block] = await query<{ hash: Buffer; same: boolean; signature: Buffer }>(
    `select hash, hash = sha256('${lines}') as same, signature from kernel.block where number = 1`,
  );
  expect(block?.same).toBe(true);
  const publicPem = readFileSync(join(journal.folder, 'journal.pub.pem'), 'utf8');
  expect(block && verifySignature(null, block.hash, publicPem, block.signature)).toBe(true);
});

it('keeps its key for its owner only, and refuses a public one that does not belong to it', async () => {
  const mode = (name: string) => statSync(join(journal.folder, name)).mode & 0o777;
  expect(mode('journal.key.pem')).toBe(0o600);
  const again = await openJournalKey(journal.folder);
  expect(again.sign(Buffer.from('a'))).toEqual(journal.key.sign(Buffer.from('a')));
  const other = mkdtempSync(join(tmpdir(), 'openvtm-journal-'));
  try {
    await openJournalKey(other);
    rmSync(join(other, 'journal.key.pem'));
    await expect(openJournalKey(other)).rejects.toThrow('does not belong to');
  } finally {
    rmSync(other, { recursive: true });
  }
});

it('notes the newest block outside of the database, and keeps the note of one that was lost', async () => {
  const noted = async () =>
    (await readHeads(journal.folder)).map(({ number, lastId }) => [Number(number), Number(lastId)]);
  for (let block = 0; block < 3; block += 1) {
    await journal.write(facts(2));
    await journal.seal();
  }
  expect(await noted()).toEqual([[3, 6]]);
  await query(`alter table kernel.block disable trigger user; delete from kernel.block where number > 1`);
  expect((await noteHead(database, journal.folder)).lost).toMatchObject({ number: 3n, lastId: 6n });
  expect(await noted()).toEqual([
    [3, 6],
    [1, 2],
  ]);
  await journal.seal();
  expect((await noteHead(database, journal.folder)).lost).toBeNull();
  expect(await noted()).toEqual([
    [3, 6],
    [2, 6],
  ]);
});
