import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { Place } from './place.ts';
import { PORT } from './place.ts';

/** What `postmaster.pid` says of a running Postgres. */
export interface Postmaster {
  pid: number;
  port: number;
  sockets: string;
  /** `starting`, `ready`, `stopping` or `standby`; empty for a moment at the beginning. */
  status: string;
}

const ORPHANS_MAY_TAKE_MS = 3_000;
/** Fast shutdown, then shutdown without a checkpoint, then the end; each is safe for what was committed. */
const STOPPING: readonly [signal: NodeJS.Signals, patienceMs: number][] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/** The Postgres that runs on this cluster now, or undefined; a stale file, a zombie or a reused id is not one. */
export function findPostmaster(place: Place): Postmaster | undefined {
  const noted = readPidFile(place);
  return noted && isPostmaster(noted.pid, place) ? noted : undefined;
}

export function isPostmaster(pid: number, place: Place): boolean {
  const [program, option, folder] = commandLine(pid, place);
  return !!program?.endsWith('/postgres') && option === '-D' && folder === place.cluster;
}

/** Ends the Postgres with this id, if it is still that of this cluster; resolves when it is gone. */
export async function stopPostmaster(pid: number, place: Place, log: Log): Promise<void> {
  for (const [signal, patienceMs] of STOPPING) {
    if (!isPostmaster(pid, place)) break;
    if (signal !== 'SIGINT') log.warn({ pid, signal }, 'Postgres does not stop; trying harder');
    kill(pid, signal);
    await until(() => !isPostmaster(pid, place), patienceMs);
  }
  await clearRemains(place, log);
}

/**
 * Makes way for a new postmaster where the last one was killed.
 *
 * Its processes still hold the shared memory until they notice, and its lock files name an id that Postgres trusts too
 * readily: a zombie, or a new process of the same user with the same id, would keep it from starting for ever.
 */
export async function clearRemains(place: Place, log: Log): Promise<void> {
  if (findPostmaster(place)) return;
  const gone = () => processesOf(place).length === 0;
  if (!(await until(gone, ORPHANS_MAY_TAKE_MS))) {
    const pids = processesOf(place);
    log.warn({ pids }, 'Ending processes that a killed Postgres left behind');
    for (const pid of pids) kill(pid, 'SIGKILL');
    await until(gone, ORPHANS_MAY_TAKE_MS);
  }
  const pidFile = readPidFile(place);
  const socket = join(pidFile?.sockets || place.sockets, `.s.PGSQL.${PORT}`);
  for (const file of [join(place.cluster, 'postmaster.pid'), socket, `${socket}.lock`]) rmSync(file, { force: true });
}

/** Resolves to whether the condition came true in time. */
export async function until(condition: () => boolean, patienceMs: number): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await delay(20);
  }
  return true;
}

/** Its lines are given by Postgres: id, folder, start, port, socket folder, TCP address, shared memory, status. */
export function readPidFile(place: Place): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return { pid, port: Number(lines[3]), sockets: lines[4] ?? '', status: lines[7]?.trim() ?? '' };
}

/** Every process of this cluster; a child bears the cluster's name, or for a moment its parent's command line. */
function processesOf(place: Place): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      return commandLine(pid, place)[0]?.startsWith(`postgres: ${place.clusterName}: `) || isPostmaster(pid, place);
    });
}

/** Empty for a zombie, and for a process of another user; reading it needs no right to trace, unlike `/proc/…/cwd`. */
function commandLine(pid: number, place: Place): string[] {
  try {
    if (statSync(`/proc/${pid}`).uid !== place.account.uid) return [];
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended on its own in between, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
