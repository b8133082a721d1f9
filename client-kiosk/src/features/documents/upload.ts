import { MAX_PAGE_BYTES, type DocumentId, type ErrorCode } from '@openvtm/protocol';
import { failureOf } from '../../enrol/http.ts';

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
  documentId: DocumentId;
  /** A UUID of this take: sent again it is the same page, where an equal picture under another id is a new one. */
  takeId: string;
  /** JPEG. */
  picture: Blob;
  token: (options?: { fresh?: boolean }) => Promise<string>;
  /** 0 to 1, as bytes leave. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
};

/** Without a byte of progress for this long the attempt is given up (ms). */
const STALL_MS = 20_000;

/** Sends one captured picture. Rejects with UploadFailed; the same picture may be sent again. */
export async function uploadPage({ documentId, takeId, picture, token, onProgress, signal }: Wish): Promise<void> {
  if (picture.size > MAX_PAGE_BYTES) throw new UploadFailed({ code: 'too-large' });
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await picture.arrayBuffer()));
  const attempt = async (fresh: boolean) =>
    put({
      url: `/api/documents/${documentId}`,
      takeId,
      picture,
      sha256,
      token: await tokenOr(token, fresh),
      onProgress,
      signal,
    });
  let answer = await attempt(false);
  // The token ran out on the way.
  if (answer.status === 401) answer = await attempt(true);
  if (answer.status >= 200 && answer.status < 300) return;
  throw new UploadFailed(failureOf(answer.body));
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

type Put = Pick<Wish, 'takeId' | 'picture' | 'onProgress' | 'signal'> & { url: string; sha256: string; token: string };

// XMLHttpRequest because fetch still tells nothing about what has left.
function put({
  url,
  takeId,
  picture,
  sha256,
  token,
  onProgress,
  signal,
}: Put): Promise<{ status: number; body: unknown }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>();
  const request = new XMLHttpRequest();
  let stall: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(stall);
    stall = setTimeout(() => request.abort(), STALL_MS);
  };
  const lost = () => reject(new UploadFailed({ code: 'offline' }));
  request.open('PUT', url);
  request.setRequestHeader('Authorization', `Bearer ${token}`);
  request.setRequestHeader('Content-Type', 'image/jpeg');
  request.setRequestHeader('Idempotency-Key', takeId);
  request.setRequestHeader('X-Content-SHA256', sha256);
  request.upload.onprogress = ({ loaded, total }) => {
    alive();
    onProgress(total > 0 ? loaded / total : 0);
  };
  request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) });
  request.onerror = lost;
  request.onabort = lost;
  request.onloadend = () => clearTimeout(stall);
  signal.addEventListener('abort', () => request.abort(), { once: true });
  alive();
  request.send(picture);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
