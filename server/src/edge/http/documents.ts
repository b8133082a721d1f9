import express, { Router } from 'express';
import { DocumentId, MAX_PAGE_BYTES } from '@openvtm/protocol';
import { z } from 'zod';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import type { Caller, KioskCaller } from '../../kernel/handler.ts';
import { requireCaller, type CallerOf } from './answers.ts';

export type DocumentsHttp = {
  upload(upload: {
    caller: KioskCaller;
    documentId: string;
    uploadId: string;
    bytes: Buffer;
    sha256: string;
  }): Promise<void>;
  view(wish: { caller: Caller; documentId: string; number: number }): Promise<Uint8Array>;
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

/** Pictures go up in one raw body with their digest and the take's id, and come down as the stored JPEG; never into a cache. */
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

  router.put('/:documentId', async (request, response, next) => {
    // Who asks is known before the first byte of the body is read.
    response.locals.caller = await requireCaller(request, callerOf);
    next();
  });
  router.put('/:documentId', express.raw({ type: () => true, limit: MAX_PAGE_BYTES }), async (request, response) => {
    const caller = response.locals.caller as Caller;
    const documentId = idOf(request.params.documentId);
    if (caller.kind !== 'kiosk') throw new Refusal('not-allowed', 'pictures come from kiosks');
    const uploadId = UploadId.safeParse(request.headers['idempotency-key']);
    if (!uploadId.success) throw new ProtocolError('bad-request', 'Idempotency-Key is missing or no UUID');
    const sha256 = Sha256.safeParse(request.headers['x-content-sha256']);
    if (!sha256.success) throw new ProtocolError('bad-request', 'X-Content-SHA256 is missing');
    const bytes: unknown = request.body;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new Refusal('not-an-image', 'an empty body');
    await guarded(caller, documentId, () =>
      documents.upload({ caller, documentId, uploadId: uploadId.data, bytes, sha256: sha256.data }),
    );
    response.status(201).json({});
  });

  router.get('/:documentId/pages/:number', async (request, response) => {
    const caller = await requireCaller(request, callerOf);
    const documentId = idOf(request.params.documentId);
    const number = PageNumber.safeParse(request.params.number);
    if (!number.success) throw new Refusal('not-found', 'no such page');
    const jpeg = await guarded(caller, documentId, () => documents.view({ caller, documentId, number: number.data }));
    response.setHeader('Cache-Control', 'no-store');
    response.type('image/jpeg').send(Buffer.from(jpeg));
  });
  return router;
}
