import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks } from '../../kernel/work.ts';
import { nodesSchema, openNodes, type Nodes } from './index.ts';

let fresh: TestDatabase;
let workers: Record<string, number>;
let a: Nodes;
let b: Nodes;
beforeEach(async () => {
  fresh = await testDatabase([nodesSchema]);
  workers = { a: 1, b: 1, c: 1 };
  [a, b] = [await enter('a'), await enter('b')];
});
afterEach(() => fresh.close());

/** A process that answers from now on, unless it has not `beaten` yet. */
async function enter(name: string, { beats = true } = {}): Promise<Nodes> {
  const address = `http://${name}`;
  const nodes = openNodes({
    database: fresh.database,
    name,
    address,
    exclusive: false,
    workers: () => workers[name] ?? 0,
  });
  await nodes.enter();
  if (beats) await nodes.beat();
  return nodes;
}
/** Claims so many rooms one after the other; how many of them are at each process. */
async function claims(by: Nodes, count: number): Promise<Record<string, number>> {
  const at: Record<string, number> = {};
  for (let i = 0; i < count; i += 1) {
    const name = (await by.claimRoom(randomUUID())).address?.at(-1) ?? '';
    at[name] = (at[name] ?? 0) + 1;
  }
  return at;
}
const silence = (nodes: Nodes, ms: number) =>
  fresh.database.pool.query('update nodes.node set seen_at = seen_at - $2 where instance = $1', [
    nodes.me.instance,
    ms,
  ]);

test('a room is at the process that asks, until another has two rooms fewer', async () => {
  expect(await claims(a, 2)).toEqual({ a: 2 });
  expect(await claims(a, 1)).toEqual({ b: 1 });
  expect(await claims(a, 17)).toEqual({ a: 9, b: 8 });
  // One fewer is not enough: two that are as loaded as each other keep what is theirs.
  expect(await claims(b, 1)).toEqual({ b: 1 });
});

test('load is in relation to media workers', async () => {
  workers['b'] = 4;
  await b.beat();
  expect(await claims(a, 24)).toEqual({ a: 7, b: 17 });
  // 7 rooms a worker, and 4.25: b keeps what is its own.
  expect(await claims(b, 1)).toEqual({ b: 1 });
});

test('of several the one with the fewest rooms a worker is taken', async () => {
  const c = await enter('c');
  await claims(b, 1);
  expect(await claims(a, 3)).toEqual({ a: 2, c: 1 });
  await c.forgetRoom([...(await c.rooms())].find(([, at]) => at.instance === c.me.instance)?.[0] ?? '');
  expect(await claims(a, 1)).toEqual({ c: 1 });
});

test.for(['does not answer yet', 'is late', 'drains', 'has lost its workers'])(
  'one that %s gets no room, however idle',
  async (how) => {
    if (how === 'does not answer yet') {
      await b.leave();
      b = await enter('b', { beats: false });
    } else if (how === 'is late') await silence(b, 4_000);
    else if (how === 'drains') await b.drain();
    else {
      workers['b'] = 0;
      await b.beat();
    }
    expect(await claims(a, 6)).toEqual({ a: 6 });
  },
);

test('one that drains gives what it would claim to another, however loaded, and keeps it where there is none', async () => {
  await claims(b, 2);
  await a.drain();
  expect(await claims(a, 4)).toEqual({ b: 4 });
  await b.drain();
  expect(await claims(a, 2)).toEqual({ a: 2 });
});

test('a room stays where it is whatever the load, and is claimed anew by load when its process is gone', async () => {
  const callId = randomUUID();
  expect(await b.claimRoom(callId)).toEqual(b.me);
  await claims(b, 8);
  expect(await a.claimRoom(callId)).toEqual(b.me);
  await claims(a, 12);
  const c = await enter('c');
  await b.leave();
  expect(await a.roomOf(callId)).toBeNull();
  expect(await a.claimRoom(callId)).toEqual(c.me);
  expect(await b.claimRoom(callId)).toEqual(c.me);
});

test('two that claim one room at once agree', async () => {
  const c = await enter('c');
  await claims(a, 3);
  for (let round = 0; round < 20; round += 1) {
    const callId = randomUUID();
    const [first, second, third] = await Promise.all([a, b, c].map((one) => one.claimRoom(callId)));
    expect([second, third, await a.roomOf(callId)]).toEqual([first, first, first]);
  }
});

test('the room of one that does not answer is taken once', async () => {
  const callId = randomUUID();
  await b.claimRoom(callId);
  expect(await Promise.all([a.takeRoom(callId, b.me), a.takeRoom(callId, b.me)])).toEqual([true, false]);
  expect(await a.roomOf(callId)).toEqual(a.me);
  expect(await b.takeRoom(randomUUID(), a.me)).toBe(false);
  expect(await b.rooms()).toEqual(new Map([[callId, a.me]]));
});

test('one that was held for dead hears so with its next beat, and with no other', async () => {
  expect(await b.beat()).toEqual({ wasTakenAway: false });
  await silence(b, 6_000);
  await a.beat();
  expect(await b.beat()).toEqual({ wasTakenAway: true });
  expect(await b.beat()).toEqual({ wasTakenAway: false });
});

test('whoever finds a line up keeps it up until their work is done', async () => {
  const line = { subject: 'staff:1', lineId: randomUUID() };
  const done: string[] = [];
  const works = createWorks({
    database: fresh.database,
    bus: createBus(createLog({ level: 'silent' })),
    clock: Date.now,
  });
  await works.bySystem((work) => a.lineOpened(work, line));
  const finding = works.bySystem(async (work) => {
    expect(await a.lineHeld(work, line.subject)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    done.push('found');
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  const going = works.bySystem(async (work) => {
    expect(await a.lineGone(work, line.subject)).toBe(true);
    done.push('gone');
  });
  await Promise.all([finding, going]);
  expect(done).toEqual(['found', 'gone']);
  await works.bySystem(async (work) => expect(await b.lineHeld(work, line.subject)).toBe(false));
});
