import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './db.ts';
import { chainEnd, hashOfBlock, type ChainEnd } from './journal-block.store.ts';
import { writeWhole } from './journal-key.ts';

/** A block that is known, from outside of the database, to have been sealed. */
export type Head = ChainEnd;

const FILE = 'journal.head';
const LINE = /^(\d+) ([0-9a-f]{64}) (\d+)$/;

/** The journal's last block as noted beside the key: without it, a chain that lost its end is as whole as any. */
export async function readHeads(folder: string): Promise<Head[]> {
  const file = join(folder, FILE);
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [, number, hash, lastId] = LINE.exec(line) ?? [];
    if (!number || !hash || !lastId)
      throw new Error(`${file} holds a line that was not written by OpenVTM: ${line}. Restore it from the backup.`);
    return { number: BigInt(number), hash: Buffer.from(hash, 'hex'), lastId: BigInt(lastId) };
  });
}

/**
 * Notes the newest block in the folder. The last line of the file moves on with the chain; once the block that it
 * names is gone from the database it stays as evidence, and a new line begins.
 *
 * @returns the newest block, and the noted one if the database lost it since the last call
 */
export async function noteHead(
  database: Database,
  folder: string,
): Promise<{ newest: Head | null; lost: Head | null }> {
  const newest = await chainEnd(database);
  const heads = await readHeads(folder);
  const noted = heads.at(-1) ?? null;
  const isThere = noted && (await hashOfBlock(database, noted.number))?.equals(noted.hash);
  const lost = isThere ? null : noted;
  if (newest && !(isThere && noted.hash.equals(newest.hash))) {
    const kept = lost ? heads : heads.slice(0, -1);
    const lines = [...kept, newest].map(({ number, hash, lastId }) => `${number} ${hash.toString('hex')} ${lastId}\n`);
    await writeWhole(join(folder, FILE), lines.join(''), { mode: 0o600 });
  }
  return { newest, lost };
}
