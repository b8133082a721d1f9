import { randomUUID } from 'node:crypto';
import { ErrorCode, type RequestName } from '@openvtm/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBus, type Fact } from '../kernel/bus.ts';
import { keysFrom } from '../kernel/crypto.ts';
import { Refusal } from '../kernel/errors.ts';
import type { Caller, Handlers } from '../kernel/handler.ts';
import { createLog } from '../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../kernel/testing.ts';
import { createWorks } from '../kernel/work.ts';
import { createDispatch, type Asking, type Dispatch } from './dispatch.ts';

let fresh: TestDatabase;
let log: string[];
let facts: Fact[];
let measured: string[];

beforeEach(async () => {
  fresh = await testDatabase();
  log = [];
  facts = [];
  measured = [];
});
afterEach(() => fresh.close());

const kiosk: Caller = { kind: 'kiosk', id: 'k', subject: 'kiosk:k', branchId: 'b', device: 'floor', sessionId: 's' };
const agent: Caller = { kind: 'staff', id: 'a', subject: 'staff:a', branchId: 'b', sessionId: 's', roles: ['agent'] };
const ready = (caller: Caller): Asking => ({ caller, stage: 'ready' });
const meta = (id: string = randomUUID()) => ({ id });
const helpId = randomUUID();

/** A dispatcher over the real database with only these handlers. */
function dispatchOf(handlers: Partial<Handlers>): Dispatch {
  const logger = createLog({ level: 'debug', to: { write: (line) => void log.push(line) } });
  const bus = createBus(logger);
  bus.on((fact) => void facts.push(fact));
  return createDispatch({
    handlers: handlers as Handlers,
    works: createWorks({ database: fresh.database, bus, clock: () => 1_000 }),
    keys: keysFrom(Buffer.alloc(32, 1)),
    log: logger,
    measure: (name, code) => void measured.push(`${name} ${code}`),
  });
}
const codeOf = async (answer: ReturnType<Dispatch>) => {
  const given = await answer;
  return given.ok ? 'ok' : given.error.code;
};

test('the answer has what its schema has and no more', async () => {
  const dispatch = dispatchOf({ 'help:call': async () => ({ helpId, secret: 'x' }) as never });
  const answer = await dispatch(ready(kiosk), { name: 'help:call', data: {}, meta: meta() });
  expect(answer).toEqual({ ok: true, data: { helpId } });
  expect(measured).toEqual(['help:call ok']);
});

test('what the schema does not have does not reach the handler', async () => {
  const seen: unknown[] = [];
  const dispatch = dispatchOf({
    'help:cancel': async (_, data) => {
      seen.push(data);
      return {};
    },
  });
  await dispatch(ready(kiosk), { name: 'help:cancel', data: { helpId, more: 1 }, meta: meta() });
  expect(seen).toEqual([{ helpId }]);
});

test.for<[string, Asking, { name: unknown; data: unknown; meta: unknown }, string]>([
  ['an unknown name', ready(kiosk), { name: 'help:me', data: {}, meta: meta() }, 'unknown-request'],
  ['a name of every object', ready(kiosk), { name: 'constructor', data: {}, meta: meta() }, 'unknown-request'],
  ['__proto__ as name', ready(kiosk), { name: '__proto__', data: {}, meta: meta() }, 'unknown-request'],
  ['a number as name', ready(kiosk), { name: 7, data: {}, meta: meta() }, 'unknown-request'],
  ['nothing as name', ready(kiosk), { name: undefined, data: {}, meta: meta() }, 'unknown-request'],
  ['another role', ready(agent), { name: 'help:call', data: {}, meta: meta() }, 'bad-request'],
  [
    'before the snapshot',
    { caller: kiosk, stage: 'open' },
    { name: 'help:call', data: {}, meta: meta() },
    'wrong-stage',
  ],
  ['after the end', { caller: kiosk, stage: 'closed' }, { name: 'help:call', data: {}, meta: meta() }, 'wrong-stage'],
  ['data beside the schema', ready(kiosk), { name: 'help:cancel', data: { helpId: 5 }, meta: meta() }, 'bad-request'],
  ['no data', ready(kiosk), { name: 'help:call', data: undefined, meta: meta() }, 'bad-request'],
  ['no id', ready(kiosk), { name: 'help:call', data: {}, meta: {} }, 'bad-request'],
  ['no meta', ready(kiosk), { name: 'help:call', data: {}, meta: null }, 'bad-request'],
  ['an id that is none', ready(kiosk), { name: 'help:call', data: {}, meta: meta('1') }, 'bad-request'],
])('%s is refused and nothing runs', async ([, asking, message, code]) => {
  let ran = false;
  const run = async () => {
    ran = true;
    return { helpId } as never;
  };
  const dispatch = dispatchOf({ 'help:call': run, 'help:cancel': run });
  expect(await codeOf(dispatch(asking, message as never))).toBe(code);
  expect(ran).toBe(false);
});

test('what a handler throws never comes out, and only its code is told', async () => {
  const thrown: unknown[] = [
    new Error('王小明 11010519900307005X'),
    'text',
    null,
    new Refusal('wrong-state', '王小明'),
  ];
  const dispatch = dispatchOf({
    'help:call': () => {
      throw thrown.shift();
    },
  });
  const answers = [];
  for (let i = 0; i < 4; i += 1)
    answers.push(await dispatch(ready(kiosk), { name: 'help:call', data: {}, meta: meta() }));
  expect(answers.map((answer) => !answer.ok && answer.error.code)).toEqual([
    'internal',
    'internal',
    'internal',
    'wrong-state',
  ]);
  for (const answer of answers) expect(JSON.stringify(answer)).not.toContain('王小明');
  const [refused] = answers.slice(-1);
  expect(log.at(-1)).toContain(refused && !refused.ok ? refused.error.ref : '-');
});

test('a handler that fails changes nothing and tells nobody', async () => {
  const dispatch = dispatchOf({
    'help:call': async ({ work }) => {
      work.record({ kind: 'help.called', about: {} });
      throw new Refusal('wrong-state', 'no');
    },
  });
  await dispatch(ready(kiosk), { name: 'help:call', data: {}, meta: meta() });
  expect(facts).toEqual([]);
  const { rows } = await fresh.database.pool.query('select kind from kernel.journal');
  expect(rows).toEqual([]);
});

test("one caller's requests run one after the other, two callers' side by side", async () => {
  const order: string[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const dispatch = dispatchOf({
    'help:call': async ({ caller }) => {
      order.push(`${caller.id} begins`);
      if (order.length === 1) await gate;
      order.push(`${caller.id} ends`);
      return { helpId } as never;
    },
  });
  const other: Caller = { ...kiosk, id: 'k2', subject: 'kiosk:k2' };
  const ask = (caller: Caller) => dispatch(ready(caller), { name: 'help:call', data: {}, meta: meta() });
  const [first, second] = [ask(kiosk), ask(kiosk)];
  await vi.waitFor(() => expect(order).toEqual(['k begins']));
  await ask(other);
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(['k begins', 'k2 begins', 'k2 ends', 'k ends', 'k begins', 'k ends']);
});

test('a stored answer can be read only under its own request', async () => {
  const dispatch = dispatchOf({ 'help:call': async () => ({ helpId }) as never });
  const id = randomUUID();
  await dispatch(ready(kiosk), { name: 'help:call', data: {}, meta: meta(id) });
  const { rows } = await fresh.database.pool.query<{ answer: Buffer }>('select answer from kernel.request');
  expect(rows[0]?.answer.includes(Buffer.from(helpId))).toBe(false);
  const moved = randomUUID();
  await fresh.database.pool.query('update kernel.request set id = $1', [moved]);
  expect(await codeOf(dispatch(ready(kiosk), { name: 'help:call', data: {}, meta: meta(moved) }))).toBe('internal');
});

test('a name that a client made up is in no log line and no metric', async () => {
  const dispatch = dispatchOf({});
  await dispatch(ready(kiosk), { name: '王小明'.repeat(1_000), data: {}, meta: meta() });
  expect(log.join()).not.toContain('王');
  expect(log.join().length).toBeLessThan(1_000);
  expect(measured).toEqual(['unknown unknown-request']);
});

test('never throws, whatever it is given', async () => {
  const dispatch = dispatchOf({ 'help:call': async () => ({ helpId }) as never, 'line:resync': async () => ({}) });
  const names = fc.oneof(fc.constantFrom<RequestName>('help:call', 'line:resync'), fc.anything());
  await fc.assert(
    fc.asyncProperty(names, fc.anything(), fc.anything(), async (name, data, meta) => {
      const answer = await dispatch(ready(kiosk), { name: name as string, data, meta });
      expect(answer.ok || ErrorCode.safeParse(answer.error.code).success).toBe(true);
    }),
    { numRuns: 300 },
  );
});
