import express, { Router, type Request, type RequestHandler } from 'express';
import {
  cornersOf,
  DocumentId,
  LookReason,
  MAX_PAGE_BYTES,
  PageShape,
  VIEW_SECONDS,
  type Corners,
  type UploadState,
} from '@openvtm/protocol';
import { z } from 'zod';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import type { Caller, KioskCaller } from '../../kernel/handler.ts';
import { requireCaller, type CallerOf } from './answers.ts';

type UploadOf = { documentId: string; uploadId: string };
export type DocumentsHttp = {
  upload(
    piece: UploadOf & {
      caller: KioskCaller;
      size: number;
      sha256: string;
      start: number;
      bytes: Buffer;
      corners: Corners | null;
      last: boolean;
    },
  ): Promise<UploadState>;
  uploadState(wish: UploadOf & { caller: KioskCaller }): Promise<UploadState>;
  /** Bytes of an upload come in. */
  arriving(upload: UploadOf & { kioskId: string; received: number; size: number }): void;
  /** That came to its end, good or bad. */
  arrived(documentId: string): void;
  view(wish: {
    caller: Caller;
    documentId: string;
    number: number;
    shape: PageShape;
    why: LookReason;
  }): Promise<Uint8Array>;
  /** Somebody reached for what is not theirs. */
  refused(caller: Caller, documentId: string): Promise<void>;
};

const UploadId = z.uuid();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const PageNumber = z.coerce.number().int().min(1).max(10_000);

const idOf = (text: unknown): string => {
  const id = DocumentId.safeParse(text);
  if (!id.success) throw new Refusal('not-found', 'no such document');
  return id.data;
};
const uploadIdOf = (text: unknown): string => {
  const id = UploadId.safeParse(text);
  if (!id.success) throw new ProtocolError('bad-request', 'Idempotency-Key is missing or no UUID');
  return id.data;
};

/** Which bytes of how many a body is: by `Content-Range` (RFC 9110), or all of them. */
function rangeOf(request: Request, length: number): { start: number; size: number } {
  const header = request.headers['content-range'];
  if (header === undefined) return { start: 0, size: length };
  const [, first, last, size] = /^bytes (\d{1,9})-(\d{1,9})\/(\d{1,9})$/.exec(header)?.map(Number) ?? [];
  if (first === undefined || last === undefined || size === undefined || last < first || last >= size)
    throw new ProtocolError('bad-request', 'Content-Range is not "bytes first-last/size"');
  if (last - first + 1 !== length) throw new ProtocolError('bad-request', 'Content-Range does not fit the body');
  if (size > MAX_PAGE_BYTES) throw new ProtocolError('too-large', `more than ${MAX_PAGE_BYTES} bytes`);
  return { start: first, size };
}

/** The page's corners as eight numbers, where the sender knows them. */
function cornersIn({ query }: Request): Corners | null {
  if (query['corners'] === undefined) return null;
  const corners = typeof query['corners'] === 'string' ? cornersOf(query['corners']) : null;
  if (!corners) throw new Refusal('invalid-value', 'corners are eight numbers, a page of four corners');
  return corners;
}

/**
 * Files go up in raw bodies with the take's id and the digest of the whole: all at once, or piece by piece with
 * `Content-Range`, each answered with how far it has come, so that a cut costs no more than a piece. Pages come down
 * as JPEGs; never into a cache, and to be looked at for `X-View-Seconds`.
 */
export function documentRoutes(documents: DocumentsHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();

  const guarded = async <T>(caller: Caller, documentId: string, job: () => Promise<T>): Promise<T> => {
    try {
      return await job();
    } catch (error) {
      if (error instanceof Refusal && (error.code === 'not-found' || error.code === 'not-allowed'))
        await documents.refused(caller, documentId);
      throw error;
    }
  };
  const kioskOf = async (request: Request): Promise<KioskCaller> => {
    const caller = await requireCaller(request, callerOf);
    if (caller.kind !== 'kiosk') throw new Refusal('not-allowed', 'pictures come from kiosks');
    return caller;
  };

  router.put('/:documentId', async (request, response, next) => {
    // Who asks, and for what, is known before the first byte of the body is read.
    const caller = await kioskOf(request);
    const documentId = idOf(request.params.documentId);
    const uploadId = uploadIdOf(request.headers['idempotency-key']);
    await guarded(caller, documentId, () => documents.uploadState({ caller, documentId, uploadId }));
    response.locals['upload'] = { caller, documentId, uploadId };
    next();
  });
  const count: RequestHandler = (request, response, next) => {
    const { caller, documentId, uploadId } = response.locals['upload'] as UploadOf & { caller: KioskCaller };
    const length = Number(request.headers['content-length'] ?? 0);
    const [, first = '0', whole = String(length)] =
      /^bytes (\d{1,9})-\d{1,9}\/(\d{1,9})$/.exec(request.headers['content-range'] ?? '') ?? [];
    const size = Number(whole);
    let received = Number(first);
    request.on('data', (chunk: Buffer) => {
      received = Math.min(size, received + chunk.length);
      documents.arriving({ documentId, uploadId, kioskId: caller.id, received, size });
    });
    response.once('close', () => documents.arrived(documentId));
    next();
  };
  const body = express.raw({ type: () => true, limit: MAX_PAGE_BYTES });
  router.put('/:documentId', count, body, async (request, response) => {
    const { caller, documentId, uploadId } = response.locals['upload'] as UploadOf & { caller: KioskCaller };
    const sha256 = Sha256.safeParse(request.headers['x-content-sha256']);
    if (!sha256.success) throw new ProtocolError('bad-request', 'X-Content-SHA256 is missing');
    const bytes: unknown = request.body;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new Refusal('not-an-image', 'an empty body');
    const range = rangeOf(request, bytes.length);
    const corners = cornersIn(request);
    const last = request.query['more'] !== '1';
    const state = await guarded(caller, documentId, () =>
      documents.upload({ caller, documentId, uploadId, ...range, bytes, sha256: sha256.data, corners, last }),
    );
    response.status(state.done ? 201 : 202).json(state);
  });

  router.get('/:documentId/uploads/:uploadId', async (request, response) => {
    const caller = await kioskOf(request);
    const documentId = idOf(request.params.documentId);
    const uploadId = uploadIdOf(request.params.uploadId);
    response.setHeader('Cache-Control', 'no-store');
    response.json(await guarded(caller, documentId, () => documents.uploadState({ caller, documentId, uploadId })));
  });

  router.get('/:documentId/pages/:number', async (request, response) => {
    const caller = await requireCaller(request, callerOf);
    const documentId = idOf(request.params.documentId);
    const number = PageNumber.safeParse(request.params.number);
    const shape = PageShape.default('best').safeParse(request.query['shape']);
    const why = LookReason.default(caller.kind === 'kiosk' ? 'shown' : 'review').safeParse(request.query['why']);
    if (!why.success) throw new ProtocolError('bad-request', `why is one of ${LookReason.options.join(', ')}`);
    if (!number.success || !shape.success) throw new Refusal('not-found', 'no such page');
    const jpeg = await guarded(caller, documentId, () =>
      documents.view({ caller, documentId, number: number.data, shape: shape.data, why: why.data }),
    );
    response.setHeader('Cache-Control', 'no-store');
    if (shape.data !== 'thumbnail') response.setHeader('X-View-Seconds', String(VIEW_SECONDS));
    response.type('image/jpeg').send(Buffer.from(jpeg));
  });
  return router;
}
