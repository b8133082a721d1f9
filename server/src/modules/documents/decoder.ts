import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../../kernel/errors.ts';
import type { DecodeAnswer, DecodeAsk } from './decode-child.ts';

export type Picture = { jpeg: Buffer; width: number; height: number };
export type Decoder = {
  /** Decodes a JPEG, PNG or WebP and encodes it anew. `not-an-image` by its first bytes, `unreadable-image` when decoding fails or takes too long. */
  decode(bytes: Buffer): Promise<Picture>;
  close(): void;
};

const TIME_LIMIT_MS = 10_000;
const CHILD = fileURLToPath(new URL('./decode-child.ts', import.meta.url));

/** The kinds of file that are taken, by their first bytes and never by what they claim to be. */
export function isPicture(bytes: Buffer): boolean {
  const jpeg = bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
  const png = bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  const webp =
    bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP';
  return jpeg || png || webp;
}

type Waiting = { resolve(picture: Picture): void; reject(error: Error): void; timer: NodeJS.Timeout };

export function createDecoder(): Decoder {
  let child: ChildProcess | undefined;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();

  const settle = (id: number, use: (job: Waiting) => void) => {
    const job = waiting.get(id);
    if (!job) return;
    waiting.delete(id);
    clearTimeout(job.timer);
    use(job);
  };

  const start = (): ChildProcess => {
    const born = fork(CHILD, [], {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=256'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    });
    born.on('message', (answer: DecodeAnswer) => {
      settle(answer.id, (job) => {
        if (answer.ok) job.resolve({ jpeg: Buffer.from(answer.jpeg), width: answer.width, height: answer.height });
        else job.reject(new Refusal('unreadable-image', answer.why));
      });
    });
    born.on('exit', () => {
      if (child === born) child = undefined;
      for (const id of [...waiting.keys()])
        settle(id, (job) => job.reject(new Refusal('unreadable-image', 'decoding it ended the decoder')));
    });
    born.on('error', () => undefined);
    return born;
  };

  return {
    decode(bytes) {
      if (!isPicture(bytes))
        return Promise.reject(new Refusal('not-an-image', 'neither JPEG, PNG nor WebP by its first bytes'));
      child ??= start();
      const asked = child;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => asked.kill('SIGKILL'), TIME_LIMIT_MS);
        waiting.set(id, { resolve, reject, timer });
        const ask: DecodeAsk = { id, bytes };
        asked.send(ask);
      });
    },
    close() {
      child?.kill('SIGKILL');
    },
  };
}
