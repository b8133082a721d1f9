import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from './bus.ts';
import { createLog } from './log.ts';
import { testDatabase, type TestDatabase } from './testing.ts';
import { createWorks, type Works } from './work.ts';

let fresh: TestDatabase;
let works: Works;
let told: Fact[];
let log: string[];

beforeEach(async () => {
  fresh = await testDatabase();
  told = [];
  log = [];
  const bus = createBus(createLog({ level: 'debug', to: { write: (line) => void log.push(line) } }));
  bus.on(() => {
    throw new Error('a listener that fails');
  });
  bus.on((fact) => void told.push(fact));
  works = createWorks({ database: fresh.database, bus, clock: () => 42 });
});
afterEach(() => fresh.close());

const journal = async () => (await fresh.database.pool.query('select * from kernel.journal order by id')).rows;

test('facts are in the journal with who and when, and told after the commit to every listener', async () => {
  const before = await works.change({ kind: 'staff', id: 'p' }, async (work) => {
    work.record({ kind: 'one', about: { caseId: 'c' }, data: { n: 1 } });
    work.record({ kind: 'two', about: {} });
    return told.length;
  });
  expect(before).toBe(0);
  expect(told.map(({ kind }) => kind)).toEqual(['one', 'two']);
  expect(log).toHaveLength(2);
  expect(await journal()).toMatchObject([
    { at: 42, actor_kind: 'staff', actor_id: 'p', kind: 'one', about: { caseId: 'c' }, data: { n: 1 } },
    { at: 42, actor_kind: 'staff', actor_id: 'p', kind: 'two', about: {}, data: {} },
  ]);
});

test('a change that fails leaves nothing in the journal and is told to nobody', async () => {
  const failing = works.bySystem(async (work) => {
    work.record({ kind: 'one', about: {} });
    throw new Error('after all');
  });
  await expect(failing).rejects.toThrow('after all');
  expect(await journal()).toEqual([]);
  expect(told).toEqual([]);
});

test('a change that runs again after a deadlock tells its facts once', async () => {
  let runs = 0;
  await works.bySystem(async (work) => {
    runs += 1;
    work.record({ kind: 'one', about: {}, data: { runs } });
    if (runs < 3) await fresh.database.pool.query(`do $$ begin raise exception 'x' using errcode = '40P01'; end $$`);
  });
  expect(runs).toBe(3);
  expect(told).toEqual([{ kind: 'one', about: {}, data: { runs: 3 } }]);
  expect(await journal()).toHaveLength(1);
});
