import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { DATABASE, ENVIRONMENT, ROLE, SUPERUSER, writeSettings } from './cluster.ts';
import { PostgresFailed } from './errors.ts';
import type { Log } from './log.ts';
import type { Place } from './place.ts';
import { PORT, makeOwnFolder } from './place.ts';
import { clearRemains, findPostmaster, isPostmaster, readPidFile, stopPostmaster } from './processes.ts';

const TRY_AGAIN_FOR_MS = 5_000;
const SAY_SO_EVERY_MS = 10_000;
const CONNECT_MS = 10_000;
/** What Postgres says while the kernel has not yet cleaned up after a killed one. */
const NOT_YET = /lock file|shared memory block/;

interface Launching {
  log: Log;
  signal: AbortSignal;
}

/** Starts Postgres on the cluster and resolves to its process id when it takes connections, recovery included. */
export async function launch(place: Place, binaries: string, { log, signal }: Launching): Promise<number> {
  const end = performance.now() + TRY_AGAIN_FOR_MS;
  for (;;) {
    await clearRemains(place, log);
    try {
      return await launchOnce(place, binaries, { log, signal });
    } catch (error) {
      const soon = error instanceof PostgresFailed && NOT_YET.test(error.message) && performance.now() < end;
      if (!soon || signal.aborted) throw error;
      await delay(200);
    }
  }
}

async function launchOnce(place: Place, binaries: string, options: Launching): Promise<number> {
  makeOwnFolder(place.logs, place.account);
  makeOwnFolder(place.sockets, place.account);
  const conf = writeSettings(place);
  const output = join(place.root, 'start.log');
  rmSync(output, { force: true });
  const handle = openSync(output, 'wx', 0o600);
  // Detached, or Ctrl-C in a terminal would stop it together with us, before we have finished with it.
  const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', place.cluster, '-c', `config_file=${conf}`], {
    uid: place.account.uid,
    gid: place.account.gid,
    cwd: place.root,
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', handle, handle],
  });
  closeSync(handle);
  child.unref();
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `exit ${code ?? signal}`));
  try {
    return await waitUntilReady(place, options, () => {
      if (ended === undefined) return child.pid;
      const said = readFileSync(output, 'utf8').trim().slice(-2_000);
      throw new PostgresFailed(`Postgres did not start (${ended}): ${said} See also ${place.logs}.`);
    });
  } catch (error) {
    // It may not have written its id down yet, so nobody else would find it.
    if (ended === undefined && child.pid !== undefined) await stopPostmaster(child.pid, place, options.log);
    throw error;
  }
}

/**
 * Joins the Postgres that a killed OpenVTM left running, if there is one that will take connections.
 *
 * @returns its process id, or undefined if there is none
 */
export async function attach(place: Place, options: Launching): Promise<number | undefined> {
  const pid = findPostmaster(place)?.pid;
  if (pid === undefined || findPostmaster(place)?.status === 'stopping') return undefined;
  try {
    await waitUntilReady(place, options, () => {
      if (!isPostmaster(pid, place)) throw new PostgresFailed('The running Postgres has ended.');
      return pid;
    });
    await makeDatabase(findPostmaster(place)?.sockets ?? place.sockets);
  } catch (err) {
    options.log.warn({ pid, err }, 'The running Postgres does not answer; starting another in its place');
    return undefined;
  }
  return pid;
}

/** Resolves to the id that `running` gives, or rejects with what it throws: recovery takes the time it takes. */
async function waitUntilReady(
  place: Place,
  { log, signal }: Launching,
  running: () => number | undefined,
): Promise<number> {
  let sayAt = performance.now() + SAY_SO_EVERY_MS;
  for (;;) {
    const pid = running();
    const noted = readPidFile(place);
    if (pid !== undefined && noted?.pid === pid && noted.status === 'ready') return pid;
    if (signal.aborted) throw new PostgresFailed('Postgres was stopped while it was starting.');
    if (performance.now() > sayAt) {
      log.info({ pid, status: noted?.status }, 'Postgres is still starting');
      sayAt += SAY_SO_EVERY_MS;
    }
    await delay(20);
  }
}

/** Makes the role and the database of OpenVTM where they are missing. */
export async function makeDatabase(sockets: string): Promise<void> {
  const client = new Client({
    host: sockets,
    port: PORT,
    user: SUPERUSER,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  });
  client.on('error', () => {
    // The query under way is rejected with the same error.
  });
  try {
    await client.connect();
    const role = await client.query('select 1 from pg_roles where rolname = $1', [ROLE]);
    if (role.rowCount === 0) {
      // Errors of its sessions reach OpenVTM, which logs them; their text in the server's log may quote personal data.
      await client.query(`create role ${ROLE} login createdb; alter role ${ROLE} set log_min_messages = 'log'`);
    }
    const database = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (database.rowCount === 0) await client.query(`create database ${DATABASE} owner ${ROLE}`);
  } finally {
    await client.end();
  }
}
