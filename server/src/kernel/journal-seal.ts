import type { Database, Tx } from './db.ts';
import { hashBlock, hashRow, NO_HASH, type BlockContents } from './journal-block.ts';
import { chainEnd, completeUpTo, hasUnsealedRows, insertBlock, mayAlone, rowsBetween } from './journal-block.store.ts';
import type { JournalKey } from './journal-key.ts';

/** A block is hashed in memory in one go: about 5 MB of rows. */
const MOST_ROWS = 10_000;

/**
 * Seals the rows that were committed since the last block into new blocks, each chained to the one before and signed.
 *
 * Does nothing while another process seals, or while a writer holds the journal for longer than a moment: the next
 * call finds the same rows.
 *
 * @returns how many rows were sealed
 */
export async function sealJournal(database: Database, options: { key: JournalKey; now: number }): Promise<number> {
  if (!(await hasUnsealedRows(database))) return 0;
  const upTo = await completeUpTo(database);
  if (upTo === null) return 0;
  let sealed = 0;
  for (;;) {
    const rows = await database.transaction((tx) => sealBlock(tx, { ...options, upTo }));
    sealed += rows;
    if (rows < MOST_ROWS) return sealed;
  }
}

async function sealBlock(tx: Tx, options: { key: JournalKey; now: number; upTo: bigint }): Promise<number> {
  if (!(await mayAlone(tx))) return 0;
  const end = await chainEnd(tx);
  const texts = await rowsBetween(tx, { after: end?.lastId ?? 0n, upTo: options.upTo, limit: MOST_ROWS });
  const first = texts[0];
  const last = texts.at(-1);
  if (!first || !last) return 0;
  const contents: BlockContents = {
    number: (end?.number ?? 0n) + 1n,
    firstId: BigInt(first.id),
    lastId: BigInt(last.id),
    sealedAt: BigInt(options.now),
    previousHash: end?.hash ?? NO_HASH,
    rows: texts.map((row) => ({ id: row.id, hash: hashRow(row) })),
  };
  const hash = hashBlock(contents);
  await insertBlock(tx, { ...contents, hash, signature: options.key.sign(hash) });
  return texts.length;
}
