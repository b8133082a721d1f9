import { sql, type RawBuilder } from 'kysely';
import { DatabaseError } from 'pg';
import type { Database, Queryable, Tx } from './db.ts';
import type { Block, RowTexts } from './journal-block.ts';

type BlockRow = {
  number: string;
  first_id: string;
  last_id: string;
  sealed_at: string;
  previous_hash: Buffer;
  hash: Buffer;
  row_ids: string[];
  row_hashes: Buffer;
  signature: Buffer;
};
/** Where the chain stands: the newest block, by its number. */
export type ChainEnd = { number: bigint; hash: Buffer; lastId: bigint };

const HASH_BYTES = 32;
/** "ovtb" in ASCII: any number will do, if no one else on the same database locks it. */
const SEALING = 0x6f767462;
/** Writers wait behind a lock that waits, so it gives up before anybody notices. */
const WAIT_FOR_WRITERS = '100ms';
const LOCK_NOT_AVAILABLE = '55P03';

/** `id` is qualified because the text of the same name would sort 10 before 9. */
const journalTexts = sql`select j.id::text, j.at::text, j.actor_kind, j.actor_id, j.kind, j.about::text, j.data::text
  from kernel.journal j`;

/** Whether any committed row is newer than the newest block. Takes no lock. */
export async function hasUnsealedRows(database: Database): Promise<boolean> {
  const { rows } = await sql<{ unsealed: boolean }>`select exists (
    select 1 from kernel.journal
    where id > coalesce((select last_id from kernel.block order by number desc limit 1), 0)
  ) as unsealed`.execute(database.as());
  return rows[0]?.unsealed ?? false;
}

/**
 * The highest id below which no row can appear any more, or null while somebody has been writing for too long.
 *
 * Ids are given before their transaction commits. A writer holds its lock on the table from before it gets its id until
 * its commit is visible; so who holds `share` for a moment sees every row with an id that was given until then. (A
 * vacuum of the journal keeps it off as well.)
 */
export async function completeUpTo(database: Database): Promise<bigint | null> {
  try {
    return await database.transaction(async (tx) => {
      await sql`set local lock_timeout = ${sql.lit(WAIT_FOR_WRITERS)}`.execute(tx.as());
      await sql`lock table kernel.journal in share mode`.execute(tx.as());
      const { rows } = await sql<{ id: string | null }>`select max(id)::text as id from kernel.journal`.execute(
        tx.as(),
      );
      return BigInt(rows[0]?.id ?? 0);
    });
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) return null;
    throw error;
  }
}

/** Whether this transaction is the only one that seals, until its end. */
export async function mayAlone(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${sql.lit(SEALING)}) as mine`.execute(
    tx.as(),
  );
  return rows[0]?.mine ?? false;
}

export async function chainEnd(from: Queryable): Promise<ChainEnd | null> {
  const { rows } = await sql<Pick<BlockRow, 'number' | 'hash' | 'last_id'>>`
    select b.number::text, b.hash, b.last_id::text from kernel.block b order by b.number desc limit 1`.execute(
    from.as(),
  );
  const end = rows[0];
  return end ? { number: BigInt(end.number), hash: end.hash, lastId: BigInt(end.last_id) } : null;
}

export async function hashOfBlock(from: Queryable, number: bigint): Promise<Buffer | null> {
  const { rows } = await sql<{ hash: Buffer }>`select hash from kernel.block where number = ${number}`.execute(
    from.as(),
  );
  return rows[0]?.hash ?? null;
}

/** The rows after one id and up to another, by id, at most `limit`. */
export async function rowsBetween(tx: Tx, span: { after: bigint; upTo: bigint; limit: number }): Promise<RowTexts[]> {
  const { rows } = await sql<RowTexts>`${journalTexts}
    where j.id > ${span.after} and j.id <= ${span.upTo} order by j.id limit ${span.limit}`.execute(tx.as());
  return rows;
}

export async function insertBlock(tx: Tx, block: Block): Promise<void> {
  await sql`insert into kernel.block
    (number, first_id, last_id, sealed_at, previous_hash, hash, row_ids, row_hashes, signature)
    values (${block.number}, ${block.firstId}, ${block.lastId}, ${block.sealedAt}, ${block.previousHash}, ${block.hash},
      ${block.rows.map(({ id }) => id)}, ${Buffer.concat(block.rows.map(({ hash }) => hash))}, ${block.signature})`.execute(
    tx.as(),
  );
}

/** Makes the running transaction one that sees a single moment and can't write. */
export async function onlyRead(tx: Tx): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only`.execute(tx.as());
  // Sorting a journal whose index somebody dropped takes the time it takes.
  await sql`set local statement_timeout = 0`.execute(tx.as());
}

/** Whether there is a table of blocks at all. */
export async function hasBlockTable(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('kernel.block') is not null as there`.execute(
    tx.as(),
  );
  return rows[0]?.there ?? false;
}

/** Every row of the journal by id, one of a forbidden second one with the same id as well. */
export const everyRow = (tx: Tx) =>
  stream<RowTexts>(tx, sql`${journalTexts} order by j.id`, { cursor: 'journal_rows', atOnce: 2_000 });

/** Every block by its number. */
export async function* everyBlock(tx: Tx): AsyncGenerator<Block> {
  const query = sql`select b.number::text, b.first_id::text, b.last_id::text, b.sealed_at::text, b.previous_hash, b.hash,
    b.row_ids::text[] as row_ids, b.row_hashes, b.signature from kernel.block b order by b.number`;
  for await (const row of stream<BlockRow>(tx, query, { cursor: 'journal_blocks', atOnce: 10 })) {
    yield {
      number: BigInt(row.number),
      firstId: BigInt(row.first_id),
      lastId: BigInt(row.last_id),
      sealedAt: BigInt(row.sealed_at),
      previousHash: row.previous_hash,
      hash: row.hash,
      rows: pair(row.row_ids, row.row_hashes),
      signature: row.signature,
    };
  }
}

/** Where somebody made one list longer than the other, nothing of it is left out, so that the block's hash tells. */
function pair(ids: readonly string[], hashes: Buffer): Block['rows'] {
  const length = Math.max(ids.length, Math.ceil(hashes.length / HASH_BYTES));
  return Array.from({ length }, (_, index) => ({
    id: ids[index] ?? '',
    hash: hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  }));
}

async function* stream<T>(
  tx: Tx,
  query: RawBuilder<unknown>,
  { cursor, atOnce }: { cursor: string; atOnce: number },
): AsyncGenerator<T> {
  await sql`declare ${sql.id(cursor)} no scroll cursor for ${query}`.execute(tx.as());
  for (;;) {
    const { rows } = await sql<T>`fetch forward ${sql.lit(atOnce)} from ${sql.id(cursor)}`.execute(tx.as());
    yield* rows;
    if (rows.length < atOnce) break;
  }
  await sql`close ${sql.id(cursor)}`.execute(tx.as());
}
