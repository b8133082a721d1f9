import { timingSafeEqual } from 'node:crypto';
import express, { Router } from 'express';
import { z } from 'zod';
import { Refusal } from '../../kernel/errors.ts';
import type { FarAsk } from '../far.ts';
import { bodyOf } from './answers.ts';

export type NodesHttp = {
  /** The key that only the processes of this installation have; null: there is one process, and nobody may ask. */
  token: string | null;
  answer(ask: FarAsk): Promise<unknown>;
};

const Ask = z.discriminatedUnion('is', [
  z.object({ is: z.literal('media'), subject: z.string(), name: z.string(), data: z.unknown(), via: z.string() }),
  z.object({ is: z.literal('tell'), subject: z.string(), name: z.string(), data: z.unknown() }),
  z.object({ is: z.literal('room'), callId: z.string() }),
]);

/** Where the other processes ask; for anybody else it is not there. */
export function nodeRoutes({ token, answer }: NodesHttp): Router {
  const router = Router();
  const right = Buffer.from(`Bearer ${token ?? ''}`);
  router.use((request, _response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const may = token !== null && given.length === right.length && timingSafeEqual(given, right);
    next(may ? undefined : new Refusal('not-found', 'no such address'));
  });
  router.post('/', express.json({ limit: '128kb' }), async (request, response) => {
    response.json({ data: (await answer(bodyOf(request, Ask))) ?? null });
  });
  return router;
}
