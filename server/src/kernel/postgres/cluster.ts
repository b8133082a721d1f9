import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { PostgresPackage } from './binaries.ts';
import { sync } from './binaries.ts';
import { DataFolderUnusable, PostgresFailed } from './errors.ts';
import type { Place } from './place.ts';
import { PORT } from './place.ts';

/** Owns the system tables; used only to make the role and the database of OpenVTM. */
export const SUPERUSER = 'postgres';
export const ROLE = 'openvtm';
export const DATABASE = 'openvtm';

const UNFINISHED = /^cluster\.unfinished-/;

/** Throws DataFolderUnusable if another major version of Postgres made the cluster; each reads only its own files. */
export function checkVersion(place: Place, source: PostgresPackage): void {
  const file = join(place.cluster, 'PG_VERSION');
  if (!existsSync(file)) return;
  const found = readFileSync(file, 'utf8').trim();
  if (found === source.major) return;
  throw new DataFolderUnusable(
    `The database in ${place.cluster} was made by PostgreSQL ${found}, and this OpenVTM brings PostgreSQL ${source.major}, ` +
      `which cannot read it. Start the OpenVTM that made it, dump it with pg_dump ${found}, move the folder ` +
      'away, start this OpenVTM once and load the dump; or set DATABASE_URL to a Postgres of your own.',
  );
}

/** Makes the cluster if there is none; after a crash half-way there is none, never half of one. */
export async function makeCluster(place: Place, binaries: string): Promise<void> {
  for (const entry of readdirSync(place.root)) {
    if (UNFINISHED.test(entry)) rmSync(join(place.root, entry), { recursive: true, force: true, maxRetries: 5 });
  }
  if (existsSync(place.cluster)) return;
  // A new name each time: an initdb whose parent was killed may still be writing to the last one.
  const unfinished = join(place.root, `cluster.unfinished-${process.pid}-${process.hrtime.bigint()}`);
  mkdirSync(unfinished, { mode: 0o700 });
  if (process.getuid?.() === 0) chownSync(unfinished, place.account.uid, place.account.gid);
  await run(place, join(binaries, 'bin', 'initdb'), [
    ...['--pgdata', unfinished, '--username', SUPERUSER, '--auth', 'peer', '--encoding', 'UTF8'],
    // Sorting by code point does not change with the system's C library, so indexes survive its upgrades.
    ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  ]);
  renameSync(unfinished, place.cluster);
  sync(place.root);
}

/**
 * Writes the settings, at every start; what an administrator sets with ALTER SYSTEM stays in the cluster and wins.
 *
 * Who may connect is decided by the kernel (`peer`), not by a secret in a file: only processes of root or of the
 * account itself, both of whom could read the files of the cluster anyway. The role of OpenVTM is not a superuser, so
 * that nothing sent through its connections can read files or run programs.
 */
export function writeSettings(place: Place): string {
  const conf = join(place.root, 'postgresql.conf');
  const hba = join(place.root, 'pg_hba.conf');
  const ident = join(place.root, 'pg_ident.conf');
  const users = new Set(['root', place.account.name]);
  const roles = [ROLE, SUPERUSER];
  write(hba, 'local all all peer map=openvtm\nlocal replication all peer map=openvtm\n');
  write(ident, [...users].flatMap((user) => roles.map((role) => `openvtm "${user}" ${role}\n`)).join(''));
  const settings = {
    data_directory: place.cluster,
    hba_file: hba,
    ident_file: ident,
    cluster_name: place.clusterName,
    listen_addresses: '',
    port: PORT,
    unix_socket_directories: `"${place.sockets.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: 60,
    shared_buffers: '128MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_wal_size: '512MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    logging_collector: 'on',
    log_directory: place.logs,
    log_filename: 'postgres-%Y-%m-%d_%H%M%S.log',
    log_file_mode: '0600',
    log_rotation_age: '1d',
    log_rotation_size: '5MB',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %q%u@%d ',
    // Details and statements quote values, which may be personal; the server logs its own errors without them.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`);
  write(conf, `# Written by OpenVTM at every start. To change a setting: ALTER SYSTEM SET …\n${lines.join('')}`);
  return conf;
}

/** What a child sees of the environment: nothing of ours, so that no PG… variable or locale changes what it does. */
export const ENVIRONMENT: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Replaced, not overwritten, so that the owner of an old one does not matter; the mode not left to the umask. */
function write(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { flag: 'wx' });
  chmodSync(file, 0o644);
}

async function run(place: Place, program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, {
    uid: place.account.uid,
    gid: place.account.gid,
    cwd: place.root,
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const ending = await new Promise<string | number | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (ending !== 0) throw new PostgresFailed(`${program} failed (${ending}): ${said.trim().slice(-2_000)}`);
}
