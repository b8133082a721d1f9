import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { openStaff, staffSchema, type NewAccount, type Staff } from './index.ts';

let fresh: TestDatabase;
let staff: Staff;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
let facts: Fact[];
let now = 0;

const account: NewAccount = {
  username: 'Ann',
  name: '安妮',
  branchId: randomUUID(),
  password: 'correct horse',
  roles: ['agent', 'supervisor'],
  skills: { cards: 3 },
  languages: ['zh-CN'],
};

beforeEach(async () => {
  fresh = await testDatabase([staffSchema]);
  staff = openStaff(fresh);
  facts = [];
  now = 1_000;
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  change = createWorks({ database: fresh.database, bus, clock: () => now }).bySystem;
});
afterEach(() => fresh.close());

const add = (changes: Partial<NewAccount> = {}) => change((work) => staff.add(work, { ...account, ...changes }));
const login = (username: string, password: string) => change((work) => staff.login(work, username, password));

test('an account is there with all that it was given, but for its password', async () => {
  expect(await staff.isEmpty()).toBe(true);
  const id = randomUUID();
  expect(await add({ id })).toBe(true);
  expect(await staff.isEmpty()).toBe(false);
  const { password: _, ...given } = account;
  expect(await staff.view(id)).toEqual({ ...given, staffId: id });
  expect(await staff.view(randomUUID())).toBeNull();
  expect(await staff.names([id, randomUUID()])).toEqual(new Map([[id, '安妮']]));
  const { rows } = await fresh.database.pool.query<{ password_hash: string }>(
    'select password_hash from staff.account',
  );
  expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('a name is taken once, whatever its letters', async () => {
  expect(await add()).toBe(true);
  expect(await add({ username: 'aNN' })).toBe(false);
  expect(facts.filter(({ kind }) => kind === 'staff.added')).toHaveLength(1);
});

test('the password opens, another does not, and an unknown name is answered alike', async () => {
  await add();
  expect(await login('ann', 'correct horse')).toMatchObject({ is: 'in' });
  expect(await login('Ann', 'correct hors')).toEqual({ is: 'wrong' });
  expect(await login('Ann', '')).toEqual({ is: 'wrong' });
  expect(await login('Bob', 'correct horse')).toEqual({ is: 'wrong' });
});

test('the fifth failure locks, the lock ends, and the count begins again', async () => {
  await add();
  for (let i = 0; i < 4; i += 1) expect(await login('ann', 'no')).toEqual({ is: 'wrong' });
  const until = now + 15 * 60_000;
  expect(await login('ann', 'no')).toEqual({ is: 'locked', until });
  expect(await login('ann', 'correct horse')).toEqual({ is: 'locked', until });
  now = until - 1;
  expect(await login('ann', 'correct horse')).toEqual({ is: 'locked', until });
  now = until;
  for (let i = 0; i < 4; i += 1) expect(await login('ann', 'no')).toEqual({ is: 'wrong' });
  expect(await login('ann', 'correct horse')).toMatchObject({ is: 'in' });
});
