import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret } from '../secret.ts';
import type { S3Place } from './index.ts';

export type S3Server = {
  readonly place: S3Place;
  /** The same as `S3_URL` has it. */
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** It goes on listening, and answers nothing until `wake`. */
  freeze(): void;
  wake(): void;
  /** Names of its objects under `kind`. */
  names(kind: string): Promise<string[]>;
  /** As if they had been stored at that time (ms since 1970). */
  age(kind: string, names: readonly string[], at: number): Promise<void>;
  close(): Promise<void>;
};

const SERVER = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js');
const BUCKET = 'openvtm';
/** The only key that s3rver knows. */
const KEY = 'S3RVER';

const answers = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(500) }).then(
    () => true,
    () => false,
  );

/** A real S3-compatible server (s3rver) as a process of its own, with one bucket. */
export async function startS3Server(port: number): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-s3-'));
  const endpoint = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const start = async () => {
    const options = ['--directory', folder, '--port', String(port), '--address', '127.0.0.1'];
    const bucket = ['--no-vhost-buckets', '--configure-bucket', BUCKET];
    // It makes its continuation tokens with a cipher that newer OpenSSL has put away.
    const node = ['--openssl-legacy-provider', SERVER];
    child = spawn(process.execPath, [...node, ...options, ...bucket], { stdio: 'ignore' });
    while (!(await answers(endpoint))) {
      if (child.exitCode !== null) throw new Error(`s3rver ended with ${child.exitCode}`);
      await delay(30);
    }
  };
  const kill = async () => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  };
  const ENDS = '._S3rver_object';
  await start();
  return {
    place: { endpoint, bucket: BUCKET, region: 'us-east-1', accessKey: KEY, secretKey: new Secret(KEY) },
    url: `http://${KEY}:${KEY}@127.0.0.1:${port}/${BUCKET}`,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    wake: () => void child?.kill('SIGCONT'),
    async names(kind) {
      const all = await readdir(join(folder, BUCKET, kind)).catch(() => []);
      return all.filter((name) => name.endsWith(ENDS)).map((name) => name.slice(0, -ENDS.length));
    },
    async age(kind, names, at) {
      for (const name of names) await utimes(join(folder, BUCKET, kind, name + ENDS), at / 1000, at / 1000);
    },
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
