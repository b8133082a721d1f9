import { cornersText, MAX_PAGE_BYTES, UploadState, type ErrorCode } from '@openvtm/protocol';
import { failureOf } from '../../enrol/http.ts';
import type { Unsent } from './unsent.ts';

/** A picture that did not arrive; `ref` is the server's reference, or empty. */
export class UploadFailed extends Error {
  readonly code: ErrorCode | 'offline';
  readonly ref: string;
  constructor({ code, ref = '' }: { code: ErrorCode | 'offline'; ref?: string }) {
    super(code);
    this.code = code;
    this.ref = ref;
  }
}

type Wish = {
  unsent: Unsent;
  /** It was begun before, perhaps by this page before a reload: goes on where the server stands. */
  resumed?: boolean;
  token: (options?: { fresh?: boolean }) => Promise<string>;
  /** 0 to 1, as bytes leave. */
  onProgress: (share: number) => void;
  /** It does not go on just now, and why; null: it goes on again. */
  onTrouble: (trouble: UploadFailed | null) => void;
  signal: AbortSignal;
};

/** Without a byte of progress for this long the attempt is given up (ms). */
const STALL_MS = 20_000;
/** Bytes of a piece: a cut costs no more than one. They grow while the line is quick. */
const PIECE = { first: 2 * 1024 * 1024, least: 64 * 1024, most: 4 * 1024 * 1024 };
const QUICK_MS = 400;
const SLOW_MS = 4_000;
/** ms before what passes by itself is tried again. */
const AGAIN_MS = [500, 1_000, 2_000, 4_000];
const PASSES: ReadonlySet<string> = new Set([
  'offline',
  'unavailable',
  'timeout',
  'internal',
  'too-fast',
  'storage-full',
]);

type Answer = { status: number; body: unknown };

/**
 * Sends one picture piece by piece, through cuts, a server that starts anew and a full disk that is cleared: it goes on
 * by itself until it has arrived or `signal` ends it. Rejects with UploadFailed for what sending again does not mend.
 */
export async function sendPicture({
  unsent,
  resumed = false,
  token,
  onProgress,
  onTrouble,
  signal,
}: Wish): Promise<void> {
  const { documentId, takeId, picture, corners, more } = unsent;
  if (picture.size > MAX_PAGE_BYTES) throw new UploadFailed({ code: 'too-large' });
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await picture.arrayBuffer()));
  const query = new URLSearchParams();
  if (corners) query.set('corners', cornersText(corners));
  if (more) query.set('more', '1');

  const attempt = async (start: number, end: number, fresh: boolean): Promise<Answer> =>
    call({
      method: 'PUT',
      url: `/api/documents/${documentId}?${query}`,
      token: await tokenOr(token, fresh),
      headers: {
        'Content-Type': 'application/octet-stream',
        'Idempotency-Key': takeId,
        'X-Content-SHA256': sha256,
        'Content-Range': `bytes ${start}-${end - 1}/${picture.size}`,
      },
      body: picture.slice(start, end),
      onSent: (bytes) => onProgress(Math.min(1, (start + bytes) / picture.size)),
      signal,
    });
  const standing = async (fresh: boolean): Promise<Answer> => {
    const url = `/api/documents/${documentId}/uploads/${takeId}`;
    return call({ method: 'GET', url, token: await tokenOr(token, fresh), signal });
  };
  /** Where it stands after that. */
  const stateOf = async (ask: (fresh: boolean) => Promise<Answer>): Promise<UploadState> => {
    let answer = await ask(false);
    // The token ran out on the way.
    if (answer.status === 401) answer = await ask(true);
    if (answer.status >= 200 && answer.status < 300) return UploadState.parse(answer.body);
    throw new UploadFailed(failureOf(answer.body));
  };

  let size = PIECE.first;
  let failures = 0;
  let state: UploadState | null = resumed ? null : { received: 0, done: false };
  for (;;) {
    try {
      state ??= await stateOf(standing);
      if (state.done) return;
      const start = state.received;
      const end = Math.min(start + size, picture.size);
      const began = performance.now();
      state = await stateOf((fresh) => attempt(start, end, fresh));
      const took = performance.now() - began;
      if (took < QUICK_MS) size = Math.min(2 * size, PIECE.most);
      else if (took > SLOW_MS) size = Math.max(size / 2, PIECE.least);
      if (failures > 0) onTrouble(null);
      failures = 0;
    } catch (error) {
      if (signal.aborted) throw error;
      const failed = error instanceof UploadFailed ? error : new UploadFailed({ code: 'offline' });
      if (!PASSES.has(failed.code)) throw failed;
      onTrouble(failed);
      size = Math.max(size / 2, PIECE.least);
      state = null;
      await pause(AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)] ?? 4_000, signal);
      failures += 1;
    }
  }
}

const hex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function tokenOr(token: Wish['token'], fresh: boolean): Promise<string> {
  try {
    return await token({ fresh });
  } catch {
    throw new UploadFailed({ code: 'offline' });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      reject(new UploadFailed({ code: 'offline' }));
    },
    { once: true },
  );
  return promise;
}

type Call = {
  method: string;
  url: string;
  token: string;
  headers?: Record<string, string>;
  body?: Blob;
  onSent?: (bytes: number) => void;
  signal: AbortSignal;
};

// XMLHttpRequest because fetch still tells nothing about what has left.
function call({ method, url, token, headers = {}, body, onSent, signal }: Call): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = new XMLHttpRequest();
  let stall: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(stall);
    stall = setTimeout(() => request.abort(), STALL_MS);
  };
  const lost = () => reject(new UploadFailed({ code: 'offline' }));
  const giveUp = () => request.abort();
  request.open(method, url);
  request.setRequestHeader('Authorization', `Bearer ${token}`);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.upload.onprogress = ({ loaded }) => {
    alive();
    onSent?.(loaded);
  };
  request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) });
  request.onerror = lost;
  request.onabort = lost;
  request.onloadend = () => {
    clearTimeout(stall);
    signal.removeEventListener('abort', giveUp);
  };
  if (signal.aborted) lost();
  else {
    signal.addEventListener('abort', giveUp, { once: true });
    alive();
    request.send(body ?? null);
  }
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
