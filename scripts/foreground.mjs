import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SAME_KEY_PRESS_MS = 500;

/**
 * Runs a program in our place: its output is ours, signals go on to it, and its exit code is the answer
 * (128 + number for a signal).
 */
export function inForeground(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches a whole group of processes, and npm repeats it: in a group of its own the program hears it once
    const child = spawn(command, args, { cwd, env, detached: true, stdio: 'inherit' });
    let passedOn = -Infinity;
    const passOn = (signal) => {
      if (performance.now() - passedOn < SAME_KEY_PRESS_MS) return;
      passedOn = performance.now();
      child.kill(signal);
    };
    const handlers = { SIGINT: passOn, SIGTERM: passOn, SIGHUP: () => passOn('SIGTERM') };
    for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      // after a signal they stay, as npm may repeat it while we end
      if (passedOn === -Infinity) for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
