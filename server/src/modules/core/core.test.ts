import { randomUUID } from 'node:crypto';
import { cardNumberHolds, idNumberHolds } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus, type Fact } from '../../kernel/bus.ts';
import { keysFrom } from '../../kernel/crypto.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Works } from '../../kernel/work.ts';
import {
  CoreAway,
  coreSchema,
  createCoreConnector,
  openCore,
  startCoreSimulator,
  type Core,
  type CoreSimulator,
} from './index.ts';
import { GIVE_UP_MS, LEASE_MS } from './instruction-state.ts';
import { simulatedCustomers } from './simulator/customers.ts';

const TOKEN = 'a-token-of-the-bank';
const WHO = { idNumber: '11010519900307005X', name: '王小明' };
let fresh: TestDatabase;
let simulator: CoreSimulator;
let core: Core;
let works: Works;
let facts: Fact[];
let now: number;

beforeEach(async () => {
  fresh = await testDatabase([coreSchema]);
  simulator = await startCoreSimulator({ token: TOKEN });
  now = 1_000_000;
  facts = [];
  const bus = createBus(createLog({ level: 'silent' }));
  bus.on((fact) => void facts.push(fact));
  works = createWorks({ database: fresh.database, bus, clock: () => now });
  core = openHere();
});
afterEach(async () => {
  await simulator.close();
  await simulator.close();
  await fresh.close();
});

const connectorHere = (answerWithinMs = 300) =>
  createCoreConnector({ url: simulator.url, token: TOKEN, answerWithinMs });
const openHere = () =>
  openCore({ database: fresh.database, keys: keysFrom(Buffer.alloc(32, 5)), connector: connectorHere() });
const order = (caseId: string, operation = 'report-loss') =>
  works.bySystem((work) => core.order(work, { caseId, operation, customerId: 'C-1003', data: {} }));
const next = (desk = core) => desk.carryOutNext(works, async () => undefined);
const stateOf = async (caseId: string) => (await core.of(caseId))[0]?.state;

test('the simulated customers are well-formed and no two have the same ID number or card', () => {
  const all = simulatedCustomers();
  expect(all.filter(({ idNumber }) => !idNumberHolds(idNumber))).toEqual([]);
  const cards = all.flatMap(({ accounts }) => accounts.map(({ card }) => card));
  expect(cards.filter((card) => !cardNumberHolds(card))).toEqual([]);
  expect(new Set(cards).size).toBe(cards.length);
  expect(new Set(all.map(({ idNumber }) => idNumber)).size).toBe(all.length);
});

test('a customer is found by ID number and name together, and by neither alone', async () => {
  expect(await core.findCustomer(WHO)).toMatchObject({
    customerId: 'C-1003',
    phoneEnd: '9001',
    birthDate: '1990-03-07',
  });
  expect(await core.findCustomer({ ...WHO, name: '王大明' })).toBeNull();
  expect(await connectorHere().about()).toMatchObject({ simulator: true });
});

test.for([
  ['silent', { is: 'silent' }],
  ['slow', { is: 'slow', ms: 2_000 }],
  ['failing', { is: 'failing' }],
  ['talking nonsense', { is: 'talking-nonsense' }],
  ['cut off', { is: 'cut-off' }],
] as const)('a core that is %s is away, and no word of the customer is in the error', async ([, behaviour]) => {
  simulator.tell(behaviour, 1);
  const error = await connectorHere()
    .findCustomer(WHO)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CoreAway);
  expect(String(error)).not.toContain(WHO.idNumber);
});

test('a wrong token and a core that is not there are away too', async () => {
  const wrong = createCoreConnector({ url: simulator.url, token: 'another' });
  await expect(wrong.findCustomer(WHO)).rejects.toThrow(/401/);
  await simulator.close();
  await expect(core.findCustomer(WHO)).rejects.toThrow(CoreAway);
});

test('an instruction is carried out once, and ordering it again is the same one', async () => {
  const caseId = randomUUID();
  const first = await order(caseId);
  expect(await order(caseId)).toEqual(first);
  expect(await next()).toMatchObject({ state: { at: 'done' } });
  expect(await next()).toBeNull();
  expect(await stateOf(caseId)).toMatchObject({ at: 'done', facts: { card: '**** 3990' } });
  expect(facts.map(({ kind }) => kind)).toEqual(['core.ordered', 'core.done']);
  // The card is lost now, so another case's order is refused, with the bank's reason.
  const other = randomUUID();
  await order(other);
  await next();
  expect(await stateOf(other)).toEqual({ at: 'refused', reason: 'already-lost' });
});

test('an answer that is lost after the core acted is asked for again, and the core acts once', async () => {
  const caseId = randomUUID();
  const { instructionId } = await order(caseId);
  simulator.tell({ is: 'cut-off' }, 1);
  expect(await next()).toMatchObject({ state: { at: 'due', attempts: 1 } });
  expect(await next()).toBeNull();
  now += 10_000;
  expect(await next()).toMatchObject({ state: { at: 'done' } });
  expect(simulator.acted.get(instructionId)).toBe(1);
});

test('a core that never answers leaves it to a person in the end', async () => {
  const caseId = randomUUID();
  await order(caseId);
  simulator.tell({ is: 'failing' });
  await next();
  now += GIVE_UP_MS;
  expect(await next()).toMatchObject({ state: { at: 'stuck' } });
  expect(facts.at(-1)).toMatchObject({ kind: 'core.stuck', about: { caseId } });
  now += GIVE_UP_MS;
  expect(await next()).toBeNull();
});

test('what a process took that died is taken over after its lease, and two at once never ask twice', async () => {
  const caseIds = Array.from({ length: 10 }, () => randomUUID());
  for (const caseId of caseIds) await order(caseId, 'statement');
  // The process dies between taking one and asking.
  await fresh.database.pool.query(
    `update core.instruction set at = 'asking', attempts = 1, due_at = $1 where case_id = $2`,
    [now + LEASE_MS, caseIds[0]],
  );
  const other = openHere();
  const drain = async (desk: Core) => {
    while (await next(desk));
  };
  await Promise.all([drain(core), drain(other), drain(core)]);
  expect(await stateOf(caseIds[0] ?? '')).toMatchObject({ at: 'asking' });
  now += LEASE_MS;
  await Promise.all([drain(core), drain(other)]);
  const states = await Promise.all(caseIds.map(stateOf));
  expect(states.every((state) => state?.at === 'done')).toBe(true);
  expect([...simulator.acted.values()]).toEqual(caseIds.map(() => 1));
});

test('what was ordered is sealed on disk', async () => {
  await works.bySystem((work) =>
    core.order(work, {
      caseId: randomUUID(),
      operation: 'update-phone',
      customerId: 'C-1003',
      data: { newPhone: '13911112222' },
    }),
  );
  const { rows } = await fresh.database.pool.query('select * from core.instruction');
  expect(JSON.stringify(rows)).not.toContain('13911112222');
  expect(Buffer.from(rows[0]?.data).includes('13911112222')).toBe(false);
});
