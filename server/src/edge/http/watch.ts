import { timingSafeEqual } from 'node:crypto';
import { Router, type Request } from 'express';
import { Refusal } from '../../kernel/errors.ts';
import type { Metrics } from '../metrics.ts';

export type WatchNeeds = {
  metrics: Metrics;
  /** Whether the database and the media workers answer. */
  ready(): Promise<boolean>;
  /** Asked for as `Authorization: Bearer`; without one, /metrics answers loopback only. */
  metricsToken: string | null;
};

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

function mayRead(request: Request, token: string | null): boolean {
  if (!token) return LOOPBACK.has(request.socket.remoteAddress ?? '');
  const given = Buffer.from(request.headers.authorization ?? '');
  const right = Buffer.from(`Bearer ${token}`);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** For those who keep it running: is the process there, can it serve, and how is it doing. */
export function watchRoutes({ metrics, ready, metricsToken }: WatchNeeds): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ ok: true }));
  router.get('/readyz', async (_request, response) => {
    const ok = await ready();
    response.status(ok ? 200 : 503).json({ ok });
  });
  router.get('/metrics', async (request, response) => {
    if (!mayRead(request, metricsToken)) throw new Refusal('not-allowed', 'not from here');
    const { type, text } = await metrics.page();
    response.type(type).send(text);
  });
  return router;
}
