import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';

/** Encrypted files in a folder, in the age format (https://age-encryption.org/v1): `age -d` opens them with the key beside the master key. */
export type Files = {
  /** Encrypts and stores; on disk (fsync) when it resolves. Answers the file's name, the SHA-256 of its encrypted bytes. */
  put(plain: Uint8Array): Promise<string>;
  get(name: string): Promise<Uint8Array>;
  /** Names of files stored before `before` (ms since 1970). */
  older(before: number): Promise<string[]>;
  remove(name: string): Promise<void>;
};

const NAME = /^[0-9a-f]{64}$/;

export async function openFiles(options: { folder: string; keyFolder: string }): Promise<Files> {
  const { folder, keyFolder } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const identity = await openIdentity(join(keyFolder, 'files.agekey'));
  const recipient = await identityToRecipient(identity);
  const pathOf = (name: string) => {
    if (!NAME.test(name)) throw new Error(`not a stored file's name: ${name}`);
    return join(folder, name);
  };
  return {
    async put(plain) {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      const sealed = await encrypter.encrypt(plain);
      const name = createHash('sha256').update(sealed).digest('hex');
      const draft = join(folder, `.${randomUUID()}`);
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(sealed);
        await file.sync();
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      await rename(draft, pathOf(name));
      const directory = await open(folder, 'r');
      await directory.sync();
      await directory.close();
      return name;
    },
    async get(name) {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      return decrypter.decrypt(await readFile(pathOf(name)));
    },
    async older(before) {
      const names = (await readdir(folder)).filter((name) => NAME.test(name) || name.startsWith('.'));
      const ages = await Promise.all(
        names.map(async (name) => ({
          name,
          at: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? Infinity,
        })),
      );
      return ages.filter(({ at }) => at < before).map(({ name }) => name);
    },
    remove: (name) => rm(join(folder, NAME.test(name) || /^\.[0-9a-f-]{36}$/.test(name) ? name : '-'), { force: true }),
  };
}

async function openIdentity(file: string): Promise<string> {
  if (!existsSync(file)) {
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, `${await generateIdentity()}\n`, { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
  }
  return (await readFile(file, 'utf8')).trim();
}
