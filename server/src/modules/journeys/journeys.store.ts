import { sql, type RawBuilder } from 'kysely';
import type { Database, Queryable, Tx } from '../../kernel/db.ts';
import type { KernelTables } from '../../kernel/journal.ts';
import type { Outcome } from './journey-state.ts';

export type JourneyRow = {
  id: string;
  case_id: string | null;
  service_id: string;
  device: string;
  language: string;
  print: string;
  began_at: number;
  node: string;
  since: number;
  alone_node: string;
  outcome: Outcome;
};
export type VisitRow = Pick<JourneyRow, 'service_id' | 'device' | 'language' | 'print' | 'began_at'> & {
  journey_id: string;
  node: string;
  spent_ms: number;
  visits: number;
  backs: number;
  handed_over: number;
  help_offered: number;
  state: 'here' | 'passed' | 'cancelled' | 'idle' | 'replaced';
};
export type EventRow = Pick<JourneyRow, 'device' | 'language' | 'print'> & {
  at: number;
  journey_id: string | null;
  service_id: string;
  kind: 'visit' | 'problem';
  screen: string | null;
  page: string | null;
  ms: number | null;
  back: boolean | null;
  field: string | null;
  problem: string | null;
};
type JourneysTables = {
  'journeys.journey': JourneyRow;
  'journeys.visit': VisitRow;
  'journeys.event': EventRow;
  'journeys.reading': { one: boolean; up_to: number };
};

const on = (reader: Queryable) => reader.as<JourneysTables>();

/** How far the journal was read, kept for this transaction alone; undefined: another process reads just now. */
export const takeReading = async (tx: Tx): Promise<number | undefined> =>
  (await on(tx).selectFrom('journeys.reading').select('up_to').forUpdate().skipLocked().executeTakeFirst())?.up_to;
export const saveReading = (tx: Tx, upTo: number) =>
  on(tx).updateTable('journeys.reading').set({ up_to: upTo }).execute();
/** Lines of the journal after `after`, up to and with `upTo`, of these kinds, oldest first. */
export const linesAfter = (
  tx: Tx,
  { after, upTo, kinds, limit }: { after: number; upTo: number; kinds: readonly string[]; limit: number },
) =>
  tx
    .as<KernelTables>()
    .selectFrom('kernel.journal')
    .select(['id', 'at', 'kind', 'about', 'data'])
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .where('kind', 'in', [...kinds])
    .orderBy('id')
    .limit(limit)
    .execute();

/** The journey of a case that begins; one that a kiosk told of before the journal was read is it. Answers its id. */
export const beginJourney = async (tx: Tx, row: JourneyRow): Promise<string> => {
  const { id: _, ...set } = row;
  const begun = await on(tx)
    .insertInto('journeys.journey')
    .values(row)
    .onConflict((c) => c.column('case_id').doUpdateSet(set))
    .returning('id')
    .executeTakeFirstOrThrow();
  return begun.id;
};
/** The journey of an open case, which is there from now on. Answers its id. */
export const ensureJourney = async (tx: Tx, row: JourneyRow): Promise<string> => {
  const { case_id: caseId } = row;
  await on(tx)
    .insertInto('journeys.journey')
    .values(row)
    .onConflict((c) => c.column('case_id').doNothing())
    .execute();
  const found = await on(tx)
    .selectFrom('journeys.journey')
    .select('id')
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow();
  return found.id;
};
export const journeyOfCase = (reader: Queryable, caseId: string) =>
  on(reader).selectFrom('journeys.journey').selectAll().where('case_id', '=', caseId).executeTakeFirst();
export const updateJourney = (tx: Tx, id: string, set: Partial<Omit<JourneyRow, 'id'>>) =>
  on(tx).updateTable('journeys.journey').set(set).where('id', '=', id).execute();

/** The journey came to a place, for the first time or again. */
export const comeTo = (tx: Tx, row: VisitRow) =>
  on(tx)
    .insertInto('journeys.visit')
    .values(row)
    .onConflict((c) =>
      c.columns(['journey_id', 'node']).doUpdateSet((eb) => ({
        visits: eb('journeys.visit.visits', '+', 1),
        state: row.state,
      })),
    )
    .execute();
/** Adds to what a visit counts, and where it stands. */
export const addToVisit = (
  tx: Tx,
  { journeyId, node }: { journeyId: string; node: string },
  add: Partial<Pick<VisitRow, 'spent_ms' | 'backs' | 'handed_over' | 'help_offered' | 'state'>>,
) => {
  const { state, ...sums } = add;
  return on(tx)
    .updateTable('journeys.visit')
    .set((eb) => ({
      spent_ms: eb('spent_ms', '+', sums.spent_ms ?? 0),
      backs: eb('backs', '+', sums.backs ?? 0),
      handed_over: eb('handed_over', '+', sums.handed_over ?? 0),
      help_offered: eb('help_offered', '+', sums.help_offered ?? 0),
      ...(state ? { state } : {}),
    }))
    .where('journey_id', '=', journeyId)
    .where('node', '=', node)
    .execute();
};
export const insertEvents = (tx: Tx, rows: EventRow[]) => on(tx).insertInto('journeys.event').values(rows).execute();

export type JourneyFilter = {
  from: number;
  device?: string | undefined;
  language?: string | undefined;
  print?: string | undefined;
};
const narrowed = ({ device, language, print }: JourneyFilter): RawBuilder<unknown> => sql`
  ${device ? sql`and device = ${device}` : sql``} ${language ? sql`and language = ${language}` : sql``}
  ${print ? sql`and print = ${print}` : sql``}`;

export type TotalsRow = { service_id: string; begun: number; finished: number; stopped: number };
/** How many journeys of each service began, came to their end, and stopped before. */
export const totals = async (reader: Database, filter: JourneyFilter): Promise<TotalsRow[]> =>
  (
    await sql<TotalsRow>`select service_id, count(*)::int as begun,
        (count(*) filter (where outcome = 'finished'))::int as finished,
        (count(*) filter (where outcome in ('cancelled', 'idle', 'replaced')))::int as stopped
      from journeys.journey where began_at >= ${filter.from} ${narrowed(filter)}
      group by service_id order by begun desc`.execute(reader.as())
  ).rows;

export type NodeRow = {
  node: string;
  reached: number;
  cancelled: number;
  idle: number;
  replaced: number;
  went_back: number;
  here: number;
  handed_over: number;
  help_offered: number;
  median_ms: number | null;
};
/** Every place that journeys of a service came to. */
export const nodes = async (reader: Database, serviceId: string, filter: JourneyFilter): Promise<NodeRow[]> =>
  (
    await sql<NodeRow>`select node, count(*)::int as reached,
        (count(*) filter (where state = 'cancelled'))::int as cancelled,
        (count(*) filter (where state = 'idle'))::int as idle,
        (count(*) filter (where state = 'replaced'))::int as replaced,
        (count(*) filter (where backs > 0))::int as went_back,
        (count(*) filter (where state = 'here'))::int as here,
        (count(*) filter (where handed_over > 0))::int as handed_over,
        (count(*) filter (where help_offered > 0))::int as help_offered,
        (percentile_disc(0.5) within group (order by spent_ms) filter (where state <> 'here'))::bigint as median_ms
      from journeys.visit where service_id = ${serviceId} and began_at >= ${filter.from} ${narrowed(filter)}
      group by node`.execute(reader.as())
  ).rows;

export type TroubleRow = { field: string; problem: string; journeys: number; times: number };
/** The fields that were wrong, the most troublesome first. */
export const troubles = async (reader: Database, serviceId: string, filter: JourneyFilter): Promise<TroubleRow[]> =>
  (
    await sql<TroubleRow>`select field, problem, count(distinct journey_id)::int as journeys, count(*)::int as times
      from journeys.event where service_id = ${serviceId} and kind = 'problem' and at >= ${filter.from} ${narrowed(filter)}
      group by field, problem order by journeys desc, times desc limit 60`.execute(reader.as())
  ).rows;

export type PageRow = { screen: string; page: string | null; visits: number; back: number; median_ms: number };
/** The pages that were seen, as they follow by how often. */
export const pages = async (reader: Database, serviceId: string, filter: JourneyFilter): Promise<PageRow[]> =>
  (
    await sql<PageRow>`select screen, page, count(*)::int as visits, (count(*) filter (where back))::int as back,
        (percentile_disc(0.5) within group (order by ms))::bigint as median_ms
      from journeys.event where service_id = ${serviceId} and kind = 'visit' and at >= ${filter.from} ${narrowed(filter)}
      group by screen, page order by visits desc limit 60`.execute(reader.as())
  ).rows;

/** Forgets what began before `before`, at most `limit` rows a table at a time; answers whether there may be more. */
export async function forget(tx: Tx, before: number, limit: number): Promise<boolean> {
  let most = 0n;
  for (const [table, column] of [
    ['journeys.visit', 'began_at'],
    ['journeys.journey', 'began_at'],
    ['journeys.event', 'at'],
  ] as const) {
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ctid = any (array(
      select ctid from ${sql.table(table)} where ${sql.ref(column)} < ${before} limit ${limit}))`.execute(tx.as());
    if ((numAffectedRows ?? 0n) > most) most = numAffectedRows ?? 0n;
  }
  return most >= BigInt(limit);
}
