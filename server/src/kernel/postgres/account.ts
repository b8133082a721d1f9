import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DataFolderUnusable } from './errors.ts';

/** The system user that runs Postgres. Root may not, so as root it is another one. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Who runs Postgres: as a plain user, that user; as root, the owner of the cluster if there is one already, else
 * `postgres`, else `nobody`.
 */
export function chooseAccount(cluster: string | undefined): Account {
  const owner = cluster === undefined ? undefined : statSync(cluster).uid;
  const self = process.getuid?.();
  if (self === undefined || self !== 0) {
    if (owner !== undefined && owner !== self) {
      const name = findAccount((account) => account.uid === owner)?.name ?? `user ${owner}`;
      throw new DataFolderUnusable(
        `The database in ${cluster} belongs to ${name}. Start OpenVTM as root or as ${name}, or use another data folder.`,
      );
    }
    const { username, uid, gid } = userInfo();
    return { name: username, uid, gid };
  }
  const found =
    owner === undefined
      ? (findAccount((account) => account.name === 'postgres') ?? findAccount((account) => account.name === 'nobody'))
      : findAccount((account) => account.uid === owner);
  if (found === undefined || found.uid === 0) {
    throw new DataFolderUnusable(
      owner === undefined
        ? 'Postgres does not run as root, and there is neither a user "postgres" nor "nobody". ' +
            'Add one (useradd --system postgres), or start OpenVTM as a plain user.'
        : `The database in ${cluster} belongs to user ${owner}, which cannot run it. Give it to another: chown -R.`,
    );
  }
  return found;
}

/** Whether the account can step into the folder; asked of the kernel, as mode bits alone do not tell. */
export function canEnter(account: Account, folder: string): boolean {
  if (process.getuid?.() === account.uid) return true;
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  return status === 0;
}

function findAccount(wanted: (account: Account) => boolean): Account | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (!name || !uid || !gid) continue;
    const account = { name, uid: Number(uid), gid: Number(gid) };
    if (wanted(account)) return account;
  }
  return undefined;
}
