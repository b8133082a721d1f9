import { createHash, verify, type KeyObject } from 'node:crypto';

/** A row of the journal, each column as the text that Postgres gives for it; null only where somebody made it so. */
export type RowTexts = {
  id: string;
  at: string | null;
  actor_kind: string | null;
  actor_id: string | null;
  kind: string | null;
  about: string | null;
  data: string | null;
};

/** What a block says, and its hash covers. Hashes are 32 bytes of SHA-256; `rows` is in the order of the ids. */
export type BlockContents = {
  number: bigint;
  firstId: bigint;
  lastId: bigint;
  sealedAt: bigint;
  previousHash: Buffer;
  rows: readonly { id: string; hash: Buffer }[];
};

export type Block = BlockContents & { hash: Buffer; signature: Buffer };

/** What stands as the previous hash in block 1. */
export const NO_HASH = Buffer.alloc(32);

const ROW_FORMAT = 'openvtm journal row 1';
const BLOCK_FORMAT = 'openvtm journal block 1';

/**
 * SHA-256 of a row: the format's name and then every column's text, each as its length in bytes, `:`, its UTF-8, `,`.
 * With lengths, no two rows have the same encoding, whatever stands in them.
 */
export function hashRow(row: RowTexts): Buffer {
  const hash = createHash('sha256');
  for (const text of [ROW_FORMAT, row.id, row.at, row.actor_kind, row.actor_id, row.kind, row.about, row.data])
    hash.update(text === null ? '-,' : `${Buffer.byteLength(text)}:${text},`);
  return hash.digest();
}

/** SHA-256 of a block: lines that another program can write just so (docs/journal-format.md). */
export function hashBlock(block: BlockContents): Buffer {
  const hash = createHash('sha256');
  hash.update(
    `${BLOCK_FORMAT}\n` +
      `number ${block.number}\n` +
      `rows ${block.rows.length} from ${block.firstId} to ${block.lastId}\n` +
      `sealed-at ${block.sealedAt}\n` +
      `previous ${block.previousHash.toString('hex')}\n`,
  );
  for (const row of block.rows) hash.update(`${row.id} ${row.hash.toString('hex')}\n`);
  return hash.digest();
}

/** Whether the owner of the key signed what the block says now. */
export const isGenuine = (block: Block, publicKey: KeyObject): boolean =>
  verify(null, hashBlock(block), publicKey, block.signature);
