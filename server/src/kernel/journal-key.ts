import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PRIVATE = 'journal.key.pem';
const PUBLIC = 'journal.pub.pem';

/** Signs the hash of a block with Ed25519. */
export type JournalKey = { sign(hash: Buffer): Buffer };

/** The key files are not there, or do not belong together; the message says what to do. */
export class JournalKeyUnusable extends Error {
  override readonly name = 'JournalKeyUnusable';
}

/** Reads the key that seals the journal from the folder, or makes it at the very first start; the public one lies beside it. */
export async function openJournalKey(folder: string): Promise<JournalKey> {
  const file = join(folder, PRIVATE);
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeWhole(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { mode: 0o600 });
  }
  const privateKey = createPrivateKey(await readFile(file, 'utf8'));
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const beside = join(folder, PUBLIC);
  if (!existsSync(beside)) await writeWhole(beside, publicPem, { mode: 0o644 });
  else if (!createPublicKey(await readFile(beside, 'utf8')).equals(createPublicKey(privateKey))) {
    throw new JournalKeyUnusable(
      `${beside} does not belong to ${file}. Restore both from the backup; with another key, the journal can't be verified.`,
    );
  }
  return { sign: (hash) => sign(null, hash, privateKey) };
}

/** The key that blocks are verified with; throws JournalKeyUnusable where there is none. */
export async function readJournalPublicKey(folder: string): Promise<KeyObject> {
  const file = join(folder, PUBLIC);
  if (!existsSync(file)) {
    throw new JournalKeyUnusable(
      `There is no ${file}, which the server makes at its first start. Is this its data folder? OPENVTM_CONFIG or OPENVTM_DATA names another.`,
    );
  }
  return createPublicKey(await readFile(file, 'utf8'));
}

/** After a crash the file is the old one or the new one, never half of one. */
export async function writeWhole(file: string, text: string, { mode }: { mode: number }): Promise<void> {
  await writeFile(`${file}.new`, text, { mode, flush: true });
  await rename(`${file}.new`, file);
}
