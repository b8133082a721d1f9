import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach } from 'vitest';
import { removeDataFolder } from '../testing.ts';
import type { EmbeddedPostgres } from './index.ts';
import { startEmbeddedPostgres } from './index.ts';

const WRITER = fileURLToPath(new URL('./writer.fixture.ts', import.meta.url));
const cleanups: (() => unknown)[] = [];

/** Runs after the test, the last one first. */
export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A data folder that is not there yet, in one that other users may pass through. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-postgres-'));
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  atEnd(() => {
    removeDataFolder(dataDir);
    removeDataFolder(folder);
  });
  return dataDir;
}

export interface Running extends EmbeddedPostgres {
  said: string[];
}

/** Starts Postgres in this process; it is closed after the test. */
export async function start(dataDir: string): Promise<Running> {
  const said: string[] = [];
  const hear = (facts: object, message: string) => void said.push(`${message} ${JSON.stringify(facts)}`);
  const postgres = await startEmbeddedPostgres({ dataDir, log: { info: hear, warn: hear, error: hear } });
  atEnd(() => postgres.close());
  return { ...postgres, said };
}

export async function query(postgres: EmbeddedPostgres, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(postgres.connection);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

export interface Writer {
  child: ChildProcess;
  lines: string[];
  /** Resolves with the first line that begins so; rejects if the process ends without it. */
  line(beginning: string): Promise<string>;
  /** Kills with SIGKILL; resolves to the highest number that was acknowledged. */
  kill(): Promise<number>;
}

/** Starts a process that runs Postgres in the data folder and writes to it (see writer.fixture.ts). */
export function write(dataDir: string, command: string[] = [process.execPath]): Writer {
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, WRITER, dataDir], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  atEnd(async () => {
    child.stdin.end();
    await ended;
  });
  return {
    child,
    lines,
    line: (beginning) =>
      new Promise((resolve, reject) => {
        const look = (line: string) => line.startsWith(beginning) && resolve(line);
        lines.forEach(look);
        reader.on('line', look);
        void ended.then(() => reject(new Error(`no "${beginning}": ${lines.slice(-3).join()} ${errors}`)));
      }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
      return Number(lines.findLast((line) => line.startsWith('wrote '))?.slice('wrote '.length) ?? 0);
    },
  };
}
