import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SetupError } from './tell.mjs';

const FIRST_LINES = 20;
const LAST_LINES = 40;
const REPORT_EVERY_MS = 15_000;
const PATIENCE_MS = 3_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program whose output matters only when it fails, and says how long it has been at it.
 * `progress(line)` may pick a short text out of a line of output ("12/260"). Rejects with a SetupError that holds the
 * first and the last lines; `failure` is `{ message, type }` for it.
 */
export async function run(command, args, { step, cwd, env = process.env, progress = () => undefined, failure }) {
  const began = Date.now();
  const first = [];
  const last = [];
  let at = '';
  let interrupted;
  // its own process group, so that stopping the set-up also stops a compiler three processes further down
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const signalAll = (signal) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // it has ended by itself in the meantime
    }
  };
  let lastResort;
  const stop = (signal) => {
    interrupted = signal;
    signalAll(signal);
    // npm, for one, finishes what it is at
    lastResort ??= setTimeout(signalAll, PATIENCE_MS, 'SIGKILL');
  };
  for (const signal of signals) process.on(signal, stop);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      (first.length < FIRST_LINES ? first : last).push(line);
      if (last.length > LAST_LINES) last.shift();
      at = progress(line) ?? at;
    });
  }
  const ticker = showProgress(() => `  ${step}: ${Math.round((Date.now() - began) / 1000)} s${at && `, ${at}`}`);
  try {
    const { code, signal, error } = await ending(child);
    if (interrupted) throw new SetupError(`${step}: stopped by ${interrupted}`);
    if (error) throw new SetupError(`${step}: ${command} cannot be run (${error.message})`, { type: failure?.type });
    if (code === 0) return;
    const output = [...first, ...(last.length === LAST_LINES ? ['…'] : []), ...last].join('\n');
    const message = failure?.message ?? `${[command, ...args].join(' ')} failed with ${signal ?? `exit code ${code}`}`;
    throw new SetupError(`${step}: ${message}`, { type: failure?.type, output });
  } finally {
    ticker.stop();
    clearTimeout(lastResort);
    // npm repeats a signal; the second one must not end us while what was begun is tidied up
    if (!interrupted) for (const signal of signals) process.off(signal, stop);
  }
}

const ending = (child) =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

/** Rewrites one line on a terminal; in a log file a new line now and then is what can be read. */
function showProgress(text) {
  const { isTTY } = process.stdout;
  const show = () => (isTTY ? process.stdout.write(`\r\x1b[K${text()}`) : console.log(text()));
  const timer = setInterval(show, isTTY ? 500 : REPORT_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      if (isTTY) process.stdout.write('\r\x1b[K');
    },
  };
}
