import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { canEnter, chooseAccount } from './account.ts';
import type { Account } from './account.ts';
import { sync } from './binaries.ts';
import { DataFolderUnusable } from './errors.ts';
import type { Log } from './log.ts';

/** Where one Postgres lives, and as whom it runs. */
export interface Place {
  account: Account;
  /** Holds all that follows and belongs to the user of OpenVTM, so that the account of Postgres cannot plant files. */
  root: string;
  /** The data of Postgres, PGDATA; belongs to the account. */
  cluster: string;
  logs: string;
  sockets: string;
  /** Shown in the titles of its processes, by which they are found again. */
  clusterName: string;
}

export const PORT = 5432;
const NOTE = 'postgres-folder.txt';
const ELSEWHERE = '/var/lib/openvtm';
/** `sun_path` of Linux has 108 bytes, one of them the closing zero. */
const SOCKET_PATH_LIMIT = 107;

/** Makes the data folder; as root, one that other users may pass through but not list. */
export function makeDataFolder(dataDir: string): void {
  if (existsSync(dataDir)) return;
  try {
    mkdirSync(dataDir, { recursive: true });
    chmodSync(dataDir, isRoot() ? 0o711 : 0o700);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataFolderUnusable(
      `The data folder ${dataDir} cannot be made (${reason}). Make it and give it to the user who starts OpenVTM.`,
      { cause },
    );
  }
}

/**
 * Finds the place that belongs to the data folder, or makes one.
 *
 * It is `<dataDir>/postgres`, unless root runs OpenVTM and the account of Postgres cannot get there (a checkout below
 * /root): then it is a folder below /var/lib/openvtm, which `postgres-folder.txt` in the data folder names from then on.
 *
 * @param dataDir absolute, without symlinks, held by lockFolder
 */
export function findPlace(dataDir: string, log: Log): Place {
  const inside = join(dataDir, 'postgres');
  const noted = readNote(dataDir);
  const cluster = join(noted ?? inside, 'cluster');
  const account = chooseAccount(existsSync(cluster) ? cluster : undefined);
  const root = noted ?? (existsSync(cluster) ? inside : newRoot(dataDir, account, log));
  if (!canEnter(account, root)) {
    throw new DataFolderUnusable(
      `The database is in ${root}, but ${account.name}, who runs it, cannot get there any more. ` +
        `Let others pass through the folders above it (chmod o+x), or start OpenVTM as the user who owns ${root}.`,
    );
  }
  return placeIn(root, account);
}

/** The place of a database that was made in this data folder before, or undefined; makes and changes nothing. */
export function findMadePlace(dataDir: string): Place | undefined {
  const root = readNote(dataDir) ?? join(dataDir, 'postgres');
  const cluster = join(root, 'cluster');
  return existsSync(cluster) ? placeIn(root, chooseAccount(cluster)) : undefined;
}

function placeIn(root: string, account: Account): Place {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return {
    account,
    root,
    cluster: join(root, 'cluster'),
    logs: join(root, 'log'),
    sockets: socketFolder(root, hash),
    clusterName: `openvtm-${hash}`,
  };
}

function newRoot(dataDir: string, account: Account, log: Log): string {
  const inside = join(dataDir, 'postgres');
  mkdirSync(inside, { recursive: true });
  chmodSync(inside, 0o711);
  if (canEnter(account, inside)) return inside;
  // It holds no cluster, or this would not be a new place.
  rmSync(inside, { recursive: true });
  mkdirSync(ELSEWHERE, { recursive: true });
  chmodSync(ELSEWHERE, 0o755);
  // A name never used before: a data folder that was deleted and made again must not find the old database.
  const root = mkdtempSync(join(ELSEWHERE, `${basename(dataDir).replace(/\W/g, '') || 'data'}-`));
  chmodSync(root, 0o711);
  writeNote(dataDir, root, account);
  log.warn(
    { dataDir, folder: root, account: account.name },
    `The database is kept in ${root}, because the user ${account.name}, who runs it, cannot enter ${dataDir}`,
  );
  return root;
}

function readNote(dataDir: string): string | undefined {
  const note = join(dataDir, NOTE);
  if (!existsSync(note)) return undefined;
  const root = readFileSync(note, 'utf8').split('\n')[0] ?? '';
  if (!existsSync(root)) {
    throw new DataFolderUnusable(
      `${note} says that the database is in ${root}, but it is not there. ` +
        `Bring it back, or delete ${note} to start with an empty database.`,
    );
  }
  return root;
}

function writeNote(dataDir: string, root: string, account: Account): void {
  const note = join(dataDir, NOTE);
  const text =
    `${root}\n\nThe first line is the folder of the database. It is not in this data folder because ` +
    `the user ${account.name},\nwho runs the database, cannot get here. Back up both folders.\n`;
  writeFileSync(`${note}.unfinished`, text, { mode: 0o644 });
  sync(`${note}.unfinished`);
  renameSync(`${note}.unfinished`, note);
  sync(dataDir);
}

/** Falls back to a short path when the usual one is longer than a socket's address may be. */
function socketFolder(root: string, hash: string): string {
  const usual = join(root, 'sockets');
  const length = Buffer.byteLength(join(usual, `.s.PGSQL.${PORT}`));
  return length <= SOCKET_PATH_LIMIT ? usual : join(tmpdir(), `openvtm-${hash}`);
}

/** A folder that only the account (and root) may enter; refuses one that somebody else has put there. */
export function makeOwnFolder(folder: string, account: Account): void {
  if (!lstatSync(folder, { throwIfNoEntry: false })) {
    mkdirSync(folder, { mode: 0o700 });
    if (isRoot()) chownSync(folder, account.uid, account.gid);
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== account.uid || (found.mode & 0o077) !== 0) {
    throw new DataFolderUnusable(
      `${folder} must be a folder that belongs to ${account.name} and that nobody else may enter, and is not. Remove it.`,
    );
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
