import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from './secret.ts';

const MASTER_BYTES = 32;

/** One master key, and keys for single uses derived from it (HKDF-SHA-256), so that no key serves two ends. */
export type Keys = {
  derive(use: string): Buffer;
  /** AES-256-GCM; 12-byte nonce + ciphertext + 16-byte tag. `context` binds the value to its row. */
  seal(plain: string, context: string): Buffer;
  unseal(sealed: Buffer, context: string): Secret;
};

/** Reads the master key from `<folder>/master.key`, or makes it there on the very first start (mode 0600). */
export async function openKeys(folder: string): Promise<Keys> {
  const file = join(folder, 'master.key');
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, randomBytes(MASTER_BYTES).toString('base64'), { mode: 0o600, flush: true });
    // Of several processes that start at once, one makes it.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(draft);
  }
  const master = Buffer.from(await readFile(file, 'utf8'), 'base64');
  if (master.length !== MASTER_BYTES) {
    throw new Error(
      `${file} does not hold a key of ${MASTER_BYTES} bytes. Restore it from the backup; without it, stored data can't be read.`,
    );
  }
  return keysFrom(master);
}

/** The same from a master key in memory. */
export function keysFrom(master: Buffer): Keys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', master, '', `openvtm:${use}`, 32));
  const valueKey = derive('values');
  return {
    derive,
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', valueKey, nonce);
      cipher.setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    unseal(sealed, context) {
      const decipher = createDecipheriv('aes-256-gcm', valueKey, sealed.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(-16));
      return new Secret(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8'));
    },
  };
}
