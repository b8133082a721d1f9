import { randomBytes } from 'node:crypto';
import express, { Router } from 'express';
import { BANDWIDTH_BYTES } from '@openvtm/protocol';
import { requireCaller, type CallerOf } from './answers.ts';

/** What a device measures its bandwidth with: bytes that say nothing, each way, and the server's clock beside them. */
export function selfTestRoutes({ callerOf, clock }: { callerOf: CallerOf; clock: () => number }): Router {
  const router = Router();
  // Random, or whatever compresses on the way would be measured instead.
  const bytes = randomBytes(BANDWIDTH_BYTES);
  router.use(async (request, response, next) => {
    await requireCaller(request, callerOf);
    response.set('cache-control', 'no-store');
    response.set('x-openvtm-now', String(clock()));
    next();
  });
  router.get('/clock', (_request, response) => void response.status(204).end());
  router.get('/bytes', (_request, response) => void response.type('application/octet-stream').send(bytes));
  router.put('/bytes', express.raw({ type: () => true, limit: BANDWIDTH_BYTES }), (_request, response) => {
    response.status(204).end();
  });
  return router;
}
