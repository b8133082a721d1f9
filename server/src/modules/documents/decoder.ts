import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Corners, MaskedArea } from '@openvtm/protocol';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import type { DecodeAnswer, DecodeAsk, DecodedPage } from './decode-child.ts';
import { fileKind } from './file-kind.ts';

export type { DecodedPage } from './decode-child.ts';
export type Decoder = {
  /**
   * Decodes a JPEG, PNG, WebP or PDF and hands over its pages, encoded anew, one by one: the next is made when `take`
   * has resolved. `not-an-image` by its first bytes; `unreadable-image` when decoding fails, takes too long or too much
   * memory; `locked-file`, `too-many-pages`. Files wait for their turn; with too many before it a file is refused as `too-fast`.
   */
  decode(
    file: { bytes: Uint8Array; corners: Corners | null },
    take: (page: DecodedPage) => Promise<void>,
  ): Promise<void>;
  /** A stored page with areas gone and a stamp over it, encoded anew. `unreadable-image`, `too-fast` as above. */
  draw(wish: { jpeg: Uint8Array; masks: MaskedArea[]; stamp: string | null }): Promise<Uint8Array>;
  /** A file will come: has a process ready, which takes half a second to start. */
  warm(): void;
  close(): void;
};

/** For one page. */
const TIME_LIMIT_MS = 10_000;
/** For a file as a whole. */
const FILE_LIMIT_MS = 120_000;
/** Data that the process may hold, as the kernel counts it: 40 megapixels as they are decoded, straightened and encoded, twice each. */
const MEMORY_LIMIT_KB = 1_800_000;
/** So that one file that ends its process, or takes its time, does not keep the others waiting. */
const PROCESSES = 2;
/** Each of them is held in memory while it waits. */
const MOST_WAITING = 16;
const CHILD = fileURLToPath(new URL('./decode-child.ts', import.meta.url));

export function createDecoder(): Decoder {
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const waiting: (() => void)[] = [];
  let busy = 0;

  const start = (): ChildProcess => {
    const node = [process.execPath, '--max-old-space-size=256', CHILD];
    // The shell only sets the limit and becomes the process; where it can't be set, decoding goes on without.
    const born = spawn('/bin/sh', ['-c', `ulimit -d ${MEMORY_LIMIT_KB} 2>/dev/null; exec "$@"`, 'sh', ...node], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    });
    all.add(born);
    born.on('error', () => undefined);
    born.on('exit', () => {
      all.delete(born);
      const at = idle.indexOf(born);
      if (at >= 0) idle.splice(at, 1);
    });
    return born;
  };

  const turn = async (): Promise<void> => {
    if (busy >= PROCESSES) {
      if (waiting.length >= MOST_WAITING) throw new ProtocolError('too-fast', 'too many files wait to be decoded');
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    busy += 1;
  };

  const inProcess = async <T>(job: (child: ChildProcess) => Promise<T>): Promise<T> => {
    await turn();
    const child = idle.pop() ?? start();
    try {
      const result = await job(child);
      if (all.has(child)) idle.push(child);
      return result;
    } catch (error) {
      // What failed on the way is not waited for: the next file gets a process that it knows nothing of.
      child.kill('SIGKILL');
      throw error;
    } finally {
      busy -= 1;
      waiting.shift()?.();
    }
  };

  return {
    async decode({ bytes, corners }, take) {
      if (fileKind(bytes) === null)
        throw new Refusal('not-an-image', 'neither JPEG, PNG, WebP nor PDF by its first bytes');
      await inProcess((child) => runJob(child, { at: 'file', bytes, corners }, { page: take, drawn: () => undefined }));
    },
    draw: ({ jpeg, masks, stamp }) =>
      inProcess(async (child) => {
        let drawn: Uint8Array | undefined;
        const keep = { page: async () => undefined, drawn: (one: Uint8Array) => void (drawn = one) };
        await runJob(child, { at: 'draw', jpeg, masks, stamp }, keep);
        if (!drawn) throw new Error('the decoder drew nothing');
        return drawn;
      }),
    warm() {
      if (all.size === 0) idle.push(start());
    },
    close() {
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

function runJob(
  child: ChildProcess,
  ask: Exclude<DecodeAsk, { at: 'next' }>,
  take: { page: (page: DecodedPage) => Promise<void>; drawn: (jpeg: Uint8Array) => void },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (why: string) => reject(new Refusal('unreadable-image', why));
  let timer: NodeJS.Timeout | undefined;
  const until = Date.now() + FILE_LIMIT_MS;
  const expectSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => fail('decoding it took too long'), Math.min(TIME_LIMIT_MS, until - Date.now()));
  };
  let taking: Promise<void> = Promise.resolve();
  const onAnswer = (answer: DecodeAnswer) => {
    if (answer.at === 'done') void taking.then(resolve, reject);
    else if (answer.at === 'failed') reject(new Refusal(answer.code, answer.why));
    else if (answer.at === 'drawn') {
      take.drawn(answer.jpeg);
      resolve();
    } else {
      clearTimeout(timer);
      taking = take.page(answer);
      taking.then(() => {
        expectSoon();
        child.send({ at: 'next' } satisfies DecodeAsk, () => undefined);
      }, reject);
    }
  };
  const onExit = () => fail('decoding it ended the decoder');
  child.on('message', onAnswer);
  child.on('exit', onExit);
  expectSoon();
  child.send(ask, (error) => {
    if (error) onExit();
  });
  return promise.finally(() => {
    clearTimeout(timer);
    child.off('message', onAnswer);
    child.off('exit', onExit);
  });
}
