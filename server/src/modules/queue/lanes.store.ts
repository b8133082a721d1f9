import { sql } from 'kysely';
import type { Queryable, Tx } from '../../kernel/db.ts';

/** Lanes and kinds are made one at a time, so that no pair of them is overlooked. */
const MAKING = 7_201_001;

const ids = (list: readonly number[]) => sql`${`{${list.join(',')}}`}::integer[]`;

/** Texts with their ids, of those that are known. */
export async function knownLanes(reader: Queryable, texts: readonly string[]) {
  const { rows } = await sql<{ id: number; text: string }>`
    select id, conditions as text from queue.lane where conditions = any(${[...texts]})`.execute(reader.as<unknown>());
  return rows;
}
export async function knownKind(reader: Queryable, text: string): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`select id from queue.kind where able = ${text}`.execute(
    reader.as<unknown>(),
  );
  return rows[0]?.id;
}

export const lockMaking = (tx: Tx) => sql`select pg_advisory_xact_lock(${MAKING})`.execute(tx.as<unknown>());
export const allLanes = async (reader: Queryable) =>
  (await sql<{ id: number; text: string }>`select id, conditions as text from queue.lane`.execute(reader.as<unknown>()))
    .rows;
export const allKinds = async (reader: Queryable) =>
  (await sql<{ id: number; text: string }>`select id, able as text from queue.kind`.execute(reader.as<unknown>())).rows;

export async function insertLane(tx: Tx, text: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into queue.lane (conditions) values (${text})
    on conflict (conditions) do update set conditions = excluded.conditions returning id`.execute(tx.as<unknown>());
  return rows[0]?.id ?? 0;
}
export async function insertKind(tx: Tx, text: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into queue.kind (able) values (${text})
    on conflict (able) do update set able = excluded.able returning id`.execute(tx.as<unknown>());
  return rows[0]?.id ?? 0;
}

/** `pairs`: lane and kind that fit. */
export const insertFits = (tx: Tx, pairs: readonly (readonly [lane: number, kind: number])[]) =>
  sql`insert into queue.fit (lane, kind)
    select * from unnest(${ids(pairs.map(([lane]) => lane))}, ${ids(pairs.map(([, kind]) => kind))})
    on conflict do nothing`.execute(tx.as<unknown>());

const hasDuty = sql`exists (
  select 1 from queue.fit f join queue.agent a on a.kind = f.kind
  where f.lane = l.id and a.state not in ('offline', 'break'))`;

/** Of these lanes, those that somebody on duty serves. */
export async function staffedOf(reader: Queryable, lanes: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select l.id from unnest(${ids(lanes)}) as l (id) where ${hasDuty}`.execute(reader.as<unknown>());
  return new Set(rows.map(({ id }) => id));
}

/** Looks at every lane anew: those that got their first agent on duty, or lost their last one, are to be settled. */
export const lookAtStaffing = (tx: Tx) =>
  sql`update queue.lane l set staffed = not l.staffed, changed_look = nextval('queue.look'), settled = false
    where l.staffed <> ${hasDuty}`.execute(tx.as<unknown>());

/** Lanes of which tickets may stand where they would not stand any more, and the last look at any of them. */
export async function unsettledLanes(reader: Queryable): Promise<{ lanes: number[]; look: number } | null> {
  const { rows } = await sql<{ lanes: number[] | null; look: number | null }>`
    select array_agg(id) as lanes, max(changed_look) as look from queue.lane where not settled`.execute(
    reader.as<unknown>(),
  );
  const { lanes, look } = rows[0] ?? { lanes: null, look: null };
  return lanes && look !== null ? { lanes, look } : null;
}

/** Settles lanes of which no ticket is left that was placed before that look. */
export const settleLanes = (tx: Tx, { lanes, look }: { lanes: readonly number[]; look: number }) =>
  sql`update queue.lane set settled = true
    where id = any(${ids(lanes)}) and changed_look <= ${look} and not exists (
      select 1 from queue.ticket t
      where t.state in ('waiting', 'offered') and t.placed_look < ${look} and t.lanes && ${ids(lanes)}
    )`.execute(tx.as<unknown>());
