import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresPackage } from './binaries.ts';
import { copyBinaries, findPostgresPackage } from './binaries.ts';
import { DATABASE, ROLE, checkVersion, makeCluster } from './cluster.ts';
import { PostgresFailed } from './errors.ts';
import { attach, launch, makeDatabase } from './launch.ts';
import { lockFolder } from './lock.ts';
import type { Log } from './log.ts';
import type { Place } from './place.ts';
import { PORT, findMadePlace, findPlace, makeDataFolder } from './place.ts';
import { findPostmaster, isPostmaster, stopPostmaster } from './processes.ts';

export { DataFolderInUse, DataFolderUnusable, PostgresFailed } from './errors.ts';
export type { Log } from './log.ts';

export interface EmbeddedPostgres {
  /** `host` is the folder of the socket; the kernel vouches for who connects, so there is no password. */
  connection: { host: string; port: number; user: string; database: string };
  /** Stops Postgres and gives the data folder free. May be called twice. */
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const LONGEST_PAUSE_MS = 8_000;
const TIDY_EVERY_MS = 60_000;
/** With 5 MB each (see writeSettings). */
const LOGS_KEPT = 6;

/**
 * Runs a Postgres of our own in the data folder, or joins the one that a killed OpenVTM left running there, and keeps
 * it running until `close()`.
 *
 * @throws DataFolderInUse, DataFolderUnusable, PostgresFailed; each says in its message what to do
 */
export async function startEmbeddedPostgres(options: { dataDir: string; log: Log }): Promise<EmbeddedPostgres> {
  const { log } = options;
  if (process.platform !== 'linux') {
    throw new PostgresFailed('The built-in Postgres runs on Linux only. Set DATABASE_URL to a Postgres of your own.');
  }
  makeDataFolder(options.dataDir);
  const dataDir = realpathSync(options.dataDir);
  const locks = [lockFolder(dataDir)];
  const free = () => locks.forEach((lock) => lock.release());
  try {
    const source = findPostgresPackage();
    const place = findPlace(dataDir, log);
    // A copied data folder still names the same folder elsewhere, so that one is locked for itself.
    if (place.root !== join(dataDir, 'postgres')) locks.push(lockFolder(place.root));
    checkVersion(place, source);
    const { sockets, stop } = await keepRunning(place, source, log);
    let closed: Promise<void> | undefined;
    return {
      connection: { host: sockets, port: PORT, user: ROLE, database: DATABASE },
      close: () => (closed ??= stop().finally(free)),
    };
  } catch (error) {
    free();
    throw error;
  }
}

/**
 * Looks at the data folder without taking it: null if no database was ever made in it; else the connection of the
 * Postgres that runs on it now, whoever runs it, or null.
 */
export function findEmbeddedPostgres(options: {
  dataDir: string;
}): { running: EmbeddedPostgres['connection'] | null } | null {
  if (!existsSync(options.dataDir)) return null;
  const place = findMadePlace(realpathSync(options.dataDir));
  if (!place) return null;
  const postmaster = findPostmaster(place);
  if (postmaster?.status !== 'ready') return { running: null };
  return { running: { host: postmaster.sockets, port: postmaster.port, user: ROLE, database: DATABASE } };
}

/** Joins or starts Postgres, then starts it again whenever it ends, until `stop()`. */
async function keepRunning(found: Place, source: PostgresPackage, log: Log) {
  const stopping = new AbortController();
  const options = { log, signal: stopping.signal };
  const stop = async (place: Place) => {
    const running = findPostmaster(place);
    if (running) await stopPostmaster(running.pid, place, log);
  };
  const start = async (place: Place) => {
    await stop(place);
    const binaries = copyBinaries(source, place.root);
    await makeCluster(place, binaries);
    const pid = await launch(place, binaries, options);
    log.info({ pid, folder: place.root, account: place.account.name }, 'Postgres is running');
    return pid;
  };

  let place = found;
  let pid = await attach(place, options);
  if (pid === undefined) {
    try {
      pid = await start(place);
      await makeDatabase(place.sockets);
    } catch (error) {
      await stop(place);
      throw error;
    }
  } else {
    // Its socket stays where it is: TMPDIR may have been another when it was started.
    place = { ...place, sockets: findPostmaster(place)?.sockets ?? place.sockets };
    log.info({ pid, folder: place.root }, 'Joined the Postgres that was left running');
  }
  const watching = watch({ place, pid, start, ...options });
  return {
    sockets: place.sockets,
    stop: async () => {
      stopping.abort();
      await watching;
      await stop(place);
    },
  };
}

interface Watching {
  place: Place;
  pid: number;
  start(place: Place): Promise<number>;
  log: Log;
  signal: AbortSignal;
}

/** Looks at the process table, as a Postgres that was joined is not our child; resolves when the signal aborts. */
async function watch({ place, pid, start, log, signal }: Watching): Promise<void> {
  let pause = LOOK_EVERY_MS;
  let tidyAt = 0;
  while (!signal.aborted) {
    if (performance.now() >= tidyAt) {
      removeOldLogs(place, log);
      tidyAt = performance.now() + TIDY_EVERY_MS;
    }
    await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    if (isPostmaster(pid, place)) {
      pause = LOOK_EVERY_MS;
      continue;
    }
    log.error({ pid }, 'Postgres has ended by itself; starting it again');
    try {
      pid = await start(place);
    } catch (err) {
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      log.error({ err, againInMs: pause }, 'Postgres could not be started again');
    }
  }
}

/** Postgres begins a new log by size and by day, but never removes one. */
function removeOldLogs({ logs }: Place, log: Log): void {
  try {
    const names = readdirSync(logs).filter((name) => /^postgres-.*\.log$/.test(name));
    for (const name of names.toSorted().slice(0, -LOGS_KEPT)) rmSync(join(logs, name), { force: true });
  } catch (err) {
    log.warn({ err, logs }, 'The old logs of Postgres could not be removed');
  }
}
