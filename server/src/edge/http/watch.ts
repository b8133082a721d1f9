import { timingSafeEqual } from 'node:crypto';
import { Router, type Request } from 'express';
import { Refusal } from '../../kernel/errors.ts';
import type { StoreState } from '../../kernel/files/index.ts';
import type { Metrics } from '../metrics.ts';

export type WatchNeeds = {
  metrics: Metrics;
  draining(): boolean;
  /** Whether it answers. */
  database(): Promise<boolean>;
  /** Whether a media worker is up. */
  media(): boolean;
  files(): Promise<StoreState>;
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
export function watchRoutes(needs: WatchNeeds): Router {
  const { metrics, metricsToken } = needs;
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ ok: true }));
  router.get('/readyz', async (_request, response) => {
    const [database, files] = await Promise.all([needs.database(), needs.files()]);
    const media = needs.media();
    // Without the files it serves all but papers and pictures; the other processes are without them, too.
    const ok = database && media && !needs.draining();
    response.status(ok ? 200 : 503).json({ ok, database, media, files });
  });
  router.get('/metrics', async (request, response) => {
    if (!mayRead(request, metricsToken)) throw new Refusal('not-allowed', 'not from here');
    const { type, text } = await metrics.page();
    response.type(type).send(text);
  });
  return router;
}
