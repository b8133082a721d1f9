import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { openFolderStores } from './folder.ts';
import { openS3Stores, type S3Place } from './s3.ts';
import type { FileStore, FileStores } from './store.ts';

export { measureStores } from './measure.ts';
export type { S3Place } from './s3.ts';
export {
  FileMissing,
  FilesAway,
  FileStoreUnusable,
  type FileStore,
  type FileStores,
  type MeasureFiles,
  type StoreState,
} from './store.ts';

/** Encrypted files in a store, in the age format (https://age-encryption.org/v1): `age -d` opens them with the key beside the master key. */
export type Files = {
  /** Encrypts and stores; kept for good when it resolves. Answers the file's name, the SHA-256 of its encrypted bytes. `storage-full`; FilesAway. */
  put(plain: Uint8Array): Promise<string>;
  /** FileMissing; FilesAway. */
  get(name: string): Promise<Uint8Array>;
  /** Names of files stored longer ago than this (ms), some at each call. */
  older(ageMs: number): Promise<string[]>;
  remove(name: string): Promise<void>;
};

const NAME = /^[0-9a-f]{64}$/;
/** What a process that died was writing into a folder. */
const DRAFT = /^\.[0-9a-f-]{36}$/;

/** In the S3-compatible store where one is configured, else in the data folder. */
export const openStores = ({ s3, dataDir }: { s3: S3Place | null; dataDir: string }): Promise<FileStores> =>
  s3 ? openS3Stores(s3) : openFolderStores(dataDir);

/** Nothing leaves this process but encrypted, wherever the store is. */
export async function openFiles({ store, keyFolder }: { store: FileStore; keyFolder: string }): Promise<Files> {
  const identity = await openIdentity(keyFolder);
  const recipient = await identityToRecipient(identity);
  return {
    async put(plain) {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      const sealed = await encrypter.encrypt(plain);
      const name = createHash('sha256').update(sealed).digest('hex');
      await store.put(name, sealed);
      return name;
    },
    async get(name) {
      if (!NAME.test(name)) throw new Error(`not a stored file's name: ${name}`);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      return decrypter.decrypt(await store.get(name));
    },
    older: async (ageMs) => (await store.older(ageMs)).filter((name) => NAME.test(name) || DRAFT.test(name)),
    async remove(name) {
      if (NAME.test(name) || DRAFT.test(name)) await store.remove(name);
    },
  };
}

/** The key of all files; of several processes that start at once on an empty folder, one makes it. */
async function openIdentity(folder: string): Promise<string> {
  const file = join(folder, 'files.agekey');
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, `${await generateIdentity()}\n`, { mode: 0o600, flush: true });
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(draft);
  }
  return (await readFile(file, 'utf8')).trim();
}
