import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { removeDataFolder } from '../../../server/src/kernel/testing.ts';
import { freePorts } from '../../ports.ts';

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url));
const READY_MS = 60_000;

export type ServerProcess = {
  readonly url: string;
  /** Where its first media worker listens, UDP and TCP. */
  readonly mediaPort: number;
  readonly pid: number;
  readonly output: string;
  /** Ends the process with this signal and waits until it is gone. Its Postgres outlives a SIGKILL. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it anew on the same data, at the same address. */
  start(): Promise<void>;
  /** Pids of its media workers. */
  workers(): Promise<number[]>;
  close(): Promise<void>;
};

/** The real server as a process of its own, in demo mode, on a data folder of its own. */
export async function startServer(
  options: { env?: (port: number) => Record<string, string>; workers?: number } = {},
): Promise<ServerProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'openvtm-e2e-'));
  const { workers = 1 } = options;
  const port = await freePorts(1 + workers);
  const env = {
    ...process.env,
    OPENVTM_DATA: dataDir,
    OPENVTM_PORT: String(port),
    OPENVTM_MEDIA_PORT: String(port + 1),
    OPENVTM_MEDIA_WORKERS: String(workers),
    ...options.env?.(port),
  };
  let child: ChildProcess | null = null;
  let output = '';

  const start = async () => {
    let fresh = '';
    const born = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = born;
    const collect = (chunk: Buffer) => {
      fresh += String(chunk);
      output += String(chunk);
    };
    born.stdout.on('data', collect);
    born.stderr.on('data', collect);
    const until = Date.now() + READY_MS;
    while (!fresh.includes('is ready.')) {
      if (born.exitCode !== null) throw new Error(`the server ended with ${born.exitCode}:\n${fresh}`);
      if (Date.now() > until) throw new Error(`the server was not ready within ${READY_MS} ms:\n${fresh}`);
      await pause(20);
    }
  };

  let dying: ChildProcess | null = null;
  const kill = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = child ?? dying;
    dying = ending;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await gone;
  };

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    mediaPort: port + 1,
    get pid() {
      return child?.pid ?? 0;
    },
    get output() {
      return output;
    },
    kill,
    start,
    async workers() {
      const pids = [...output.matchAll(/"pid":(\d+),"port":\d+,"msg":"media worker is up"/g)].map((match) =>
        Number(match[1]),
      );
      return pids.filter((pid) => alive(pid));
    },
    async close() {
      // In tests nobody waits for a drain: the second signal ends it.
      const ended = kill('SIGTERM');
      if (options.env?.(port)['REDIS_URL']) await kill('SIGKILL');
      await ended;
      removeDataFolder(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
