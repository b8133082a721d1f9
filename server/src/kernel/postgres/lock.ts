import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderInUse, DataFolderUnusable } from './errors.ts';

const SQLITE_BUSY = 5;

/** Keeps the locks of this process from the garbage collector, which would close their files and so give them up. */
const held = new Set<DatabaseSync>();

export interface FolderLock {
  /** May be called twice. */
  release(): void;
}

/**
 * Takes the folder for this process or throws DataFolderInUse at once.
 *
 * The lock is the kernel's own on `openvtm.lock`, so it ends with its process however that one ends, and a reused
 * process id cannot be taken for its holder. Node has no call for file locks; SQLite, which is part of Node, has.
 */
export function lockFolder(folder: string): FolderLock {
  // The id stands in a file of its own: closing any handle of the locked file would give the lock up (POSIX).
  const pidFile = join(folder, 'openvtm.pid');
  const release = () => {
    if (holder && held.delete(holder)) holder.close();
  };
  let holder: DatabaseSync | undefined;
  try {
    holder = new DatabaseSync(join(folder, 'openvtm.lock'), { timeout: 0 });
    held.add(holder);
    holder.exec('BEGIN EXCLUSIVE');
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (cause) {
    release();
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY) {
      throw new DataFolderInUse(folder, readPid(pidFile));
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataFolderUnusable(
      `The data folder ${folder} cannot be locked (${reason}). Start OpenVTM as the user who owns it, or as root.`,
      { cause },
    );
  }
  return { release };
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
