import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Line } from './lines.ts';
import type { ReadAnswer, ReadAsk } from './read-child.ts';

/** Degrees, clockwise, by which a picture is turned before it is read. */
export type Turn = 0 | 90 | 180 | 270;
/** Lines in pixels of the picture as it was turned, and its size then. */
export type Reading = { lines: Line[]; width: number; height: number };

/** Finds and reads lines of print. The rest of the module knows no more of how that is done. */
export type Engine = {
  /** Throws when the picture can't be decoded, takes too long or too much memory. One at a time: others wait for their turn. */
  read(jpeg: Uint8Array, turn: Turn): Promise<Reading>;
  close(): void;
};

/** Fifty times what a page takes: calls go first on a machine that has much to do. */
const TIME_LIMIT_MS = 90_000;
/** Data that the process may hold, as the kernel counts it: twice what the largest page took when it was measured. */
const MEMORY_LIMIT_KB = 1_800_000;
/** An idle process holds a third of a gigabyte, and a new one is there in a second. */
const IDLE_MS = 120_000;
const CHILD = fileURLToPath(new URL('./read-child.ts', import.meta.url));

/** Somebody else's picture is looked at in a process that holds nothing, reaches nothing, and may die. */
export function createEngine(
  limits: { timeMs?: number; child?: string; onStart?: (pid: number) => void } = {},
): Engine {
  const { timeMs = TIME_LIMIT_MS, child: file = CHILD, onStart = () => undefined } = limits;
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const start = (): ChildProcess => {
    const node = [process.execPath, '--max-old-space-size=512', file];
    // The shell only sets the limit and becomes the process; reading must not take the processor from calls.
    const script = `ulimit -d ${MEMORY_LIMIT_KB} 2>/dev/null; exec nice -n 5 "$@"`;
    const born = spawn('/bin/sh', ['-c', script, 'sh', ...node], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    });
    onStart(born.pid ?? 0);
    born.on('error', () => undefined);
    born.on('exit', () => {
      if (child === born) child = null;
    });
    return born;
  };
  const end = () => {
    child?.kill('SIGKILL');
    child = null;
  };

  const one = async (ask: ReadAsk): Promise<Reading> => {
    if (closed) throw new Error('closed');
    clearTimeout(idle);
    child ??= start();
    try {
      return await answerOf(child, ask, timeMs);
    } catch (error) {
      // What failed on the way is not waited for: the next picture gets a process that knows nothing of it.
      end();
      throw error;
    } finally {
      if (!closed) idle = setTimeout(end, IDLE_MS).unref();
    }
  };

  return {
    read(jpeg, turn) {
      const mine = last.then(() => one({ jpeg, turn }));
      last = mine.catch(() => undefined);
      return mine;
    },
    close() {
      closed = true;
      clearTimeout(idle);
      end();
    },
  };
}

function answerOf(child: ChildProcess, ask: ReadAsk, timeMs: number): Promise<Reading> {
  const { promise, resolve, reject } = Promise.withResolvers<Reading>();
  const timer = setTimeout(() => reject(new Error('reading it took too long')), timeMs);
  const onAnswer = (answer: ReadAnswer) =>
    answer.at === 'read' ? resolve(answer) : reject(new Error(`it could not be read: ${answer.why}`));
  const onExit = () => reject(new Error('reading it ended the process'));
  child.on('message', onAnswer);
  child.on('exit', onExit);
  child.send(ask, (error) => {
    if (error) onExit();
  });
  return promise.finally(() => {
    clearTimeout(timer);
    child.off('message', onAnswer);
    child.off('exit', onExit);
  });
}
