import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../../ports.ts';

export type LabRedis = {
  readonly url: string;
  /** `kill -9`: what it held is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** A real Redis of Debian's that keeps nothing on disk. */
export async function startRedis(): Promise<LabRedis> {
  const port = await freePorts();
  let child: ChildProcess | null = null;
  const kill = async () => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  };
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    while (!(await answers(port))) await delay(30);
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, kill, start, close: kill };
}
