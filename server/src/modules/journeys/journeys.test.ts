import { randomUUID } from 'node:crypto';
import type { JourneyEvent } from '@openvtm/protocol';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBus } from '../../kernel/bus.ts';
import { createLog } from '../../kernel/log.ts';
import { testDatabase, type TestDatabase } from '../../kernel/testing.ts';
import { createWorks, type Work } from '../../kernel/work.ts';
import { journeysSchema, openJourneys, type Journeys } from './index.ts';

let fresh: TestDatabase;
let journeys: Journeys;
let now: number;
let change: <T>(job: (work: Work) => Promise<T>) => Promise<T>;
const all = { from: 0 };
const SERVICE = 'replace-lost-card';

beforeEach(async () => {
  fresh = await testDatabase([journeysSchema]);
  journeys = openJourneys(fresh);
  now = 1_000_000;
  change = createWorks({
    database: fresh.database,
    bus: createBus(createLog({ level: 'silent' })),
    clock: () => now,
  }).bySystem;
});
afterEach(() => fresh.close());

const record = (kind: string, caseId: string, data: Record<string, string | null> = {}) =>
  change(async (work) => work.record({ kind, about: { caseId, kioskId: 'k1' }, data }));
/** What the sealer does, as far as a reader of the journal sees it. */
const seal = () =>
  sql`insert into kernel.block (number, first_id, last_id, sealed_at, previous_hash, hash, row_ids, row_hashes, signature)
    select coalesce((select max(number) from kernel.block), 0) + 1, 1, max(id), 0, decode(repeat('00', 32), 'hex'),
      decode(repeat('00', 32), 'hex'), '{}', '', '' from kernel.journal`.execute(fresh.database.as());
const readOn = () => change((work) => journeys.readOn(work));

async function begin(device = 'floor') {
  const caseId = randomUUID();
  await record('case.started', caseId, { serviceId: SERVICE, language: 'en', print: 'normal', device });
  now += 5_000;
  await record('case.consented', caseId, { next: 'form' });
  return caseId;
}
const nodes = async () =>
  Object.fromEntries((await journeys.of(SERVICE, all)).nodes.map(({ node, ...rest }) => [node, rest]));

test('what is sealed is read once, and says where people are, turned back and stopped', async () => {
  const [one, other] = [await begin(), await begin('phone')];
  expect(await readOn()).toBe(false);
  expect(await journeys.totals(all)).toEqual([]);
  await seal();
  await readOn();
  now += 60_000;
  await record('case.passed', one, { step: 'form', next: 'terms' });
  await record('case.went-back', one, { to: 'form' });
  await record('help.noticed', one);
  await record('case.closed', one, { from: 'alone', reason: 'cancelled' });
  await seal();
  await readOn();
  await readOn();
  expect(await journeys.totals(all)).toEqual([{ service_id: SERVICE, begun: 2, finished: 0, stopped: 1 }]);
  expect(await nodes()).toMatchObject({
    '@consent': { reached: 2, here: 0, cancelled: 0, median_ms: 5_000 },
    form: { reached: 2, here: 1, cancelled: 1, idle: 0, help_offered: 1, median_ms: 65_000 },
    terms: { reached: 1, went_back: 1, here: 0 },
  });
  expect(await journeys.totals({ from: 0, device: 'phone' })).toMatchObject([{ begun: 1, stopped: 0 }]);
  expect(await journeys.totals({ from: now })).toEqual([]);
  // The one that ended leads back to no case any more.
  const { rows } = await fresh.database.pool.query('select case_id from journeys.journey order by began_at');
  expect(rows).toEqual([{ case_id: null }, { case_id: other }]);
});

const problem = (field: string): JourneyEvent => ({ is: 'problem', field, problem: 'missing', agoMs: 0 });
const teller = (caseId: string | null, kioskId = 'k1') => ({
  kioskId,
  device: 'floor',
  caseId,
  open: true,
  serviceId: SERVICE,
  language: 'en',
  print: 'normal',
});
const tell = (caseId: string | null, events: JourneyEvent[], kioskId?: string) =>
  change((work) => journeys.tell(work, teller(caseId, kioskId), events));

test('troubles are counted by journeys and by times, pages with how long and how often back', async () => {
  const [one, other] = [await begin(), await begin()];
  await tell(one, [problem('phone'), problem('phone'), problem('idNumber')]);
  await tell(other, [problem('phone')]);
  const visit = { is: 'visit', screen: 'form', page: 'phone', agoMs: 0 } as const;
  await tell(one, [
    { ...visit, ms: 1_000, back: false },
    { ...visit, ms: 3_000, back: true },
    { ...visit, ms: 9_000, back: false },
  ]);
  expect(await journeys.of(SERVICE, all)).toMatchObject({
    troubles: [
      { field: 'phone', problem: 'missing', journeys: 2, times: 3 },
      { field: 'idNumber', journeys: 1, times: 1 },
    ],
    pages: [{ screen: 'form', page: 'phone', visits: 3, back: 1, median_ms: 3_000 }],
  });
  // Told before the journal was read, it is the same journey.
  await seal();
  await readOn();
  expect(await journeys.totals(all)).toMatchObject([{ begun: 2 }]);
  expect(await nodes()).toMatchObject({ form: { reached: 2 } });
});

test('a kiosk that tells without end is heard for a while, and the others still are', async () => {
  const many = Array.from({ length: 40 }, () => problem('phone'));
  let kept = 0;
  for (let i = 0; i < 10; i += 1) kept += await tell(null, many);
  expect(kept).toBe(240);
  expect(await tell(null, many, 'k2')).toBe(40);
  now += 60_000;
  expect(await tell(null, many)).toBe(40);
});

test('what is older than it may be is forgotten, all of it and nothing else', async () => {
  await begin();
  await tell(null, [problem('phone')]);
  now += 100_000;
  await begin();
  await seal();
  await readOn();
  expect(await change((work) => journeys.forgetBefore(work, now - 50_000))).toBe(false);
  expect(await journeys.totals(all)).toMatchObject([{ begun: 1 }]);
  expect(await nodes()).toMatchObject({ '@consent': { reached: 1 }, form: { reached: 1 } });
  expect((await journeys.of(SERVICE, all)).troubles).toEqual([]);
});
