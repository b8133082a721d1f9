import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database, Queryable } from './db.ts';
import { DatabaseAway, openDatabase } from './db.ts';
import type { TestDatabase } from './testing.ts';
import { quietLog, testDatabase } from './testing.ts';

interface Tables {
  account: { id: number; balance: number };
}

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await testDatabase();
  database = test.database;
  await sql`create table account (id bigint primary key, balance bigint not null)`.execute(database.as());
  await sql`insert into account values (1, 100), (2, 100)`.execute(database.as());
});
afterAll(() => test.close());

const balance = async (from: Queryable, id: number) =>
  (await from.as<Tables>().selectFrom('account').where('id', '=', id).select('balance').executeTakeFirstOrThrow())
    .balance;

const add = (to: Queryable, id: number, amount: number) =>
  to
    .as<Tables>()
    .updateTable('account')
    .where('id', '=', id)
    .set((column) => ({ balance: column('balance', '+', amount) }))
    .execute();

it('reads bigints as numbers and dates as they are written, in arrays too', async () => {
  const { rows } = await sql`
    select 9007199254740991::bigint as big, date '2026-02-28' as day, count(*) as n, null::bigint as none,
      array[1, null, 3]::bigint[] as list, array[date '2026-02-28'] as days
    from account`.execute(database.as());
  expect(rows).toEqual([
    { big: 9007199254740991, day: '2026-02-28', n: 2, none: null, list: [1, null, 3], days: ['2026-02-28'] },
  ]);
});

it('refuses a bigint that a number would round, and goes on', async () => {
  await expect(sql`select 9007199254740993::bigint as big`.execute(database.as())).rejects.toThrow(
    'The bigint 9007199254740993 does not fit',
  );
  expect(await balance(database, 1)).toBe(100);
});

it('commits what a transaction did, or none of it', async () => {
  await database.transaction((tx) => add(tx, 1, 5));
  const failing = database.transaction(async (tx) => {
    await add(tx, 1, 1_000);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await balance(database, 1)).toBe(105);
});

it('runs a transaction again after a deadlock', async () => {
  const before = [await balance(database, 1), await balance(database, 2)];
  let runs = 0;
  let arrived = 0;
  let open = () => {};
  const bothHoldOne = new Promise<void>((resolve) => (open = resolve));
  const crossing = (first: number, second: number) =>
    database.transaction(async (tx) => {
      runs += 1;
      await add(tx, first, -1);
      if (++arrived === 2) open();
      await bothHoldOne;
      await add(tx, second, 1);
    });
  await Promise.all([crossing(1, 2), crossing(2, 1)]);
  expect(runs).toBe(3);
  expect([await balance(database, 1), await balance(database, 2)]).toEqual(before);
});

it('runs serializable transactions again until each has seen the others', async () => {
  const before = await balance(database, 1);
  await Promise.all(
    Array.from({ length: 3 }, () =>
      database.transaction(
        async (tx) => {
          const seen = await balance(tx, 1);
          await tx
            .as<Tables>()
            .updateTable('account')
            .where('id', '=', 1)
            .set({ balance: seen + 1 })
            .execute();
        },
        { isolation: 'serializable' },
      ),
    ),
  );
  expect(await balance(database, 1)).toBe(before + 3);
});

it('gives up after three more runs, with the error of Postgres', async () => {
  let runs = 0;
  const hopeless = database.transaction(async (tx) => {
    runs += 1;
    await sql`do $$ begin raise exception 'never' using errcode = '40001'; end $$`.execute(tx.as());
  });
  await expect(hopeless).rejects.toMatchObject({ code: '40001', message: 'never' });
  expect(runs).toBe(4);
});

it('outlives the loss of its connections, idle or in a transaction, and says that they were lost', async () => {
  const said: string[] = [];
  const hear = (_facts: object, message: string) => void said.push(message);
  const other = openDatabase({
    connection: test.connection,
    log: { info: hear, warn: hear, error: hear },
    poolSize: 2,
  });
  const endAll = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'openvtm'
      and datname = current_database() and pid <> pg_backend_pid()`.execute(database.as());
  expect(await other.healthy()).toBe(true);
  await endAll();
  await expect.poll(() => said).toContain('An idle database connection was lost');

  const cut = other.transaction(async (tx) => {
    await add(tx, 1, 1);
    await endAll();
    await expect.poll(() => said).toContain('A database connection was lost');
    await add(tx, 1, 1);
  });
  await expect(cut).rejects.toBeInstanceOf(DatabaseAway);
  await expect.poll(() => other.healthy()).toBe(true);
  await Promise.all([other.close(), other.close()]);
});

it('gives up a connection whose server has stopped answering, and uses another', async () => {
  const other = openDatabase({ connection: test.connection, log: quietLog, poolSize: 1, answerWithinMs: 300 });
  const backend = async () =>
    (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(other.as())).rows[0]?.pid;
  const stopped = (await backend()) ?? 0;
  process.kill(stopped, 'SIGSTOP');
  try {
    const silent = other.transaction((tx) => add(tx, 1, 1));
    await expect(silent).rejects.toMatchObject({
      name: 'DatabaseAway',
      message: 'The database did not answer within 300 ms.',
    });
    expect(await backend()).not.toBe(stopped);
  } finally {
    process.kill(stopped, 'SIGCONT');
  }
  await other.close();
});

it('ends a transaction that does nothing and a statement that takes too long', async () => {
  const { rows } = await sql`
    select name, setting::int from pg_settings where name in
      ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`.execute(
    database.as(),
  );
  expect(rows).toEqual([
    { name: 'idle_in_transaction_session_timeout', setting: 15_000 },
    { name: 'lock_timeout', setting: 5_000 },
    { name: 'statement_timeout', setting: 10_000 },
  ]);
});

it('is not healthy, within about a second, when no one answers or all connections are taken', async () => {
  const nowhere = openDatabase({ connection: { ...test.connection, host: '/nonexistent' }, log: quietLog });
  expect(await nowhere.healthy()).toBe(false);
  await expect(balance(nowhere, 1)).rejects.toMatchObject({
    name: 'DatabaseAway',
    message: expect.stringContaining('ENOENT'),
  });
  await nowhere.close();

  const small = openDatabase({ connection: test.connection, log: quietLog, poolSize: 1 });
  const taken = await small.pool.connect();
  const begin = performance.now();
  expect(await small.healthy()).toBe(false);
  expect(performance.now() - begin).toBeLessThan(2_000);
  taken.release();
  expect(await small.healthy()).toBe(true);
  await small.close();
});
