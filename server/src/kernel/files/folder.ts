import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../errors.ts';
import { FILE_KINDS, FileMissing, type FileKind, type FileStore, type FileStores } from './store.ts';

/** Left free for the database, which may be on the same disk: a twentieth of it, and no more than this (bytes). */
const RESERVE = 256 * 1024 * 1024;
const RESERVE_SHARE = 0.05;

/** Files in folders under `dataDir`, one a kind; several processes may share them. A draft's name begins with a dot. */
export async function openFolderStores(dataDir: string): Promise<FileStores> {
  const folderOf = (kind: FileKind) => join(dataDir, kind);
  for (const kind of FILE_KINDS) await mkdir(folderOf(kind), { recursive: true, mode: 0o700 });
  const stores = new Map(FILE_KINDS.map((kind) => [kind, folderStore(folderOf(kind))]));
  return {
    of: (kind) => stores.get(kind) ?? folderStore(folderOf(kind)),
    state: async () => {
      const room = await roomIn(folderOf('documents')).catch(() => null);
      return room === null ? 'away' : room > 0 ? 'well' : 'full';
    },
    close: () => undefined,
  };
}

function folderStore(folder: string): FileStore {
  return {
    async put(name, sealed) {
      if ((await roomIn(folder)) < sealed.length)
        throw new Refusal('storage-full', 'no room on the disk but for the database');
      const draft = join(folder, `.${randomUUID()}`);
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(sealed);
        await file.sync();
      } catch (error) {
        await rm(draft, { force: true });
        throw isFull(error) ? new Refusal('storage-full', 'no room on the disk') : error;
      } finally {
        await file.close();
      }
      await rename(draft, join(folder, name));
      const directory = await open(folder, 'r');
      await directory.sync();
      await directory.close();
    },
    get: (name) =>
      readFile(join(folder, name)).catch((error: unknown) => {
        throw codeOf(error) === 'ENOENT' ? new FileMissing(`${name} is not in ${folder}`) : error;
      }),
    async older(ageMs) {
      const before = Date.now() - ageMs;
      const ages = await Promise.all(
        (await readdir(folder)).map(async (name) => ({
          name,
          at: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? Infinity,
        })),
      );
      return ages.filter(({ at }) => at < before).map(({ name }) => name);
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');
const isFull = (error: unknown) => ['ENOSPC', 'EDQUOT'].includes(codeOf(error));

/** Bytes that files may still take. */
async function roomIn(folder: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return bavail * bsize - Math.min(RESERVE, blocks * bsize * RESERVE_SHARE);
}
