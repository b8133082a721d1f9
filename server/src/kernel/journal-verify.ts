import type { KeyObject } from 'node:crypto';
import type { Database, Tx } from './db.ts';
import { hashBlock, hashRow, isGenuine, NO_HASH, type Block, type RowTexts } from './journal-block.ts';
import { everyBlock, everyRow, hasBlockTable, onlyRead } from './journal-block.store.ts';
import type { Finding } from './journal-finding.ts';
import type { Head } from './journal-head.ts';

/** `rows`: those that genuine blocks vouch for; `last`: the newest genuine block, to be noted elsewhere. */
export type Verdict = { rows: number; blocks: number; unsealed: number; last: { number: bigint; hash: Buffer } | null };
export type Verification = {
  publicKey: KeyObject;
  /** The newest block as it was noted outside of the database; without it a cut-off end does not show. */
  head: Head | null;
  /** Older blocks that were noted; each must be part of the chain. */
  noted?: readonly Pick<Head, 'number' | 'hash'>[];
  found(finding: Finding): void;
};

/** The database has no table of blocks. */
export class NoBlocks extends Error {
  override readonly name = 'NoBlocks';
}

/**
 * Recomputes every hash and signature of the journal, in one read-only transaction that sees a single moment, and tells
 * each row and block that is not as it was written.
 */
export function verifyJournal(database: Database, verification: Verification): Promise<Verdict> {
  return database.transaction(async (tx) => {
    await onlyRead(tx);
    if (!(await hasBlockTable(tx))) {
      throw new NoBlocks(
        'This database has no table kernel.block. A server that starts on it makes one; if one did, somebody removed it.',
      );
    }
    return walkJournal(tx, verification);
  });
}

/** The same within a transaction: rows and blocks pass by side by side, each once, in the order of their ids and numbers. */
export async function walkJournal(tx: Tx, { publicKey, head, noted = [], found }: Verification): Promise<Verdict> {
  const verdict: Verdict = { rows: 0, blocks: 0, unsealed: 0, last: null };
  const rows = peekable(everyRow(tx));
  const heads = head ? [...noted, head] : noted;
  const lost = new Set(heads);
  let doubt = createDoubt(found);
  let expected = 1n;
  let sealedUpTo = 0n;
  /** What may stand as the previous hash in the next block; empty behind a doubtful one. */
  let previous: Buffer[] = [NO_HASH];

  for await (const copies of byNumber(everyBlock(tx))) {
    const { number } = copies[0];
    const block = copies.find((copy) => isGenuine(copy, publicKey));
    if (!block) {
      for (const { firstId, lastId } of copies) found({ kind: 'block-changed', number, first: firstId, last: lastId });
      for (const one of lost) if (one.number === number) lost.delete(one);
      // A number that is not the next one was invented: what such a block says of rows counts for nothing.
      if (number !== expected) continue;
      for (const copy of copies) doubt.changed(copy, { after: sealedUpTo });
      expected += 1n;
      previous = [];
      continue;
    }
    const hash = hashBlock(block);
    if (copies.length > 1) found({ kind: 'block-copied', number });
    if (!block.hash.equals(hash)) found({ kind: 'block-changed', number, first: block.firstId, last: block.lastId });
    if (number > expected) {
      doubt.missing({ from: expected, to: number - 1n, first: sealedUpTo + 1n, last: block.firstId - 1n });
    } else if (previous.length > 0 && !previous.some((one) => one.equals(block.previousHash))) {
      found({ kind: 'block-astray', number });
    }
    // Where the hash beside a block was edited, the sealer went on from that one and noted it.
    previous = [hash, block.hash];
    for (const one of lost) {
      if (one.number === number && previous.some((known) => known.equals(one.hash))) lost.delete(one);
    }
    verdict.rows += await compareRows(block, { rows, doubt, found });
    doubt.end({ before: block.firstId });
    doubt = createDoubt(found);
    expected = number + 1n;
    sealedUpTo = block.lastId;
    verdict.blocks += 1;
    verdict.last = { number, hash };
  }

  const cutOff = head && lost.has(head) && head.number >= expected ? head : null;
  if (cutOff) {
    lost.delete(cutOff);
    doubt.missing({ from: expected, to: cutOff.number, first: sealedUpTo + 1n, last: cutOff.lastId });
  }
  for (const { number, hash } of lost) found({ kind: 'block-lost', number, hash });
  for (let row = await rows.peek(); row; row = await rows.peek()) {
    await rows.skip();
    const wasSealed = head !== null && BigInt(row.id) <= head.lastId;
    if (!doubt.isAbout(row, { wasSealed })) verdict.unsealed += 1;
  }
  doubt.end({});
  return verdict;
}

type Rows = { peek(): Promise<RowTexts | undefined>; skip(): Promise<void> };
type Comparing = { rows: Rows; doubt: Doubt; found: Verification['found'] };

/** Takes the rows up to the end of the block and compares them with its list; returns how many are as it says. */
async function compareRows(block: Block, { rows, doubt, found }: Comparing): Promise<number> {
  let intact = 0;
  let next = 0;
  const missingBefore = (id: bigint): void => {
    for (let listed = block.rows[next]; listed && BigInt(listed.id) < id; listed = block.rows[next]) {
      found({ kind: 'row-missing', id: BigInt(listed.id), block: block.number });
      next += 1;
    }
  };
  for (let row = await rows.peek(); row && BigInt(row.id) <= block.lastId; row = await rows.peek()) {
    await rows.skip();
    const id = BigInt(row.id);
    if (id < block.firstId && doubt.isAbout(row, { wasSealed: true })) continue;
    missingBefore(id);
    const listed = block.rows[next];
    if (listed?.id !== row.id) {
      found({ kind: 'row-inserted', id, block: block.number });
      continue;
    }
    next += 1;
    if (listed.hash.equals(hashRow(row))) intact += 1;
    else found({ kind: 'row-edited', id, block: block.number });
  }
  missingBefore(block.lastId + 1n);
  return intact;
}

type Doubt = ReturnType<typeof createDoubt>;

/** The blocks between two genuine ones that vouch for nothing, because they were changed or are missing. */
function createDoubt(found: Verification['found']) {
  const blocks: bigint[] = [];
  const claims = new Map<string, Buffer>();
  let isMissing = false;
  return {
    /** Keeps what the block says of rows that no genuine one has vouched for. */
    changed({ number, rows }: Block, { after }: { after: bigint }): void {
      blocks.push(number);
      for (const { id, hash } of rows) if (BigInt(id) > after) claims.set(id, hash);
    },
    missing(gap: { from: bigint; to: bigint; first: bigint; last: bigint }): void {
      found({ kind: 'blocks-missing', ...gap });
      isMissing = true;
    },
    /** Whether the row lies in doubt; then what a changed block says of it is compared. */
    isAbout(row: RowTexts, { wasSealed }: { wasSealed: boolean }): boolean {
      const claim = claims.get(row.id);
      claims.delete(row.id);
      if (!claim && !(wasSealed && (isMissing || blocks.length > 0))) return false;
      // What a missing block said of it nobody knows: the gap is told as a whole.
      if (!claim?.equals(hashRow(row)) && blocks.length > 0) found({ kind: 'row-unproven', id: row.id, blocks });
      return true;
    },
    /** Tells what changed blocks say of rows that did not come. */
    end({ before }: { before?: bigint }): void {
      for (const id of claims.keys())
        if (before === undefined || BigInt(id) < before) found({ kind: 'row-unproven', id, blocks });
    },
  };
}

/** Blocks in groups of the same number; more than one in a group only where somebody removed the primary key. */
async function* byNumber(blocks: AsyncIterable<Block>): AsyncGenerator<[Block, ...Block[]]> {
  let group: [Block, ...Block[]] | undefined;
  for await (const block of blocks) {
    if (group?.[0].number === block.number) {
      group.push(block);
      continue;
    }
    if (group) yield group;
    group = [block];
  }
  if (group) yield group;
}

/** Values of which the next one can be looked at before it is taken. */
function peekable<T>(values: AsyncGenerator<T>) {
  let looked: IteratorResult<T, unknown> | undefined;
  return {
    async peek(): Promise<T | undefined> {
      looked ??= await values.next();
      return looked.done ? undefined : looked.value;
    },
    async skip(): Promise<void> {
      looked = await values.next();
    },
  };
}
