import { Router } from 'express';
import type { Catalogue } from '@openvtm/protocol';
import { requireRole, type CallerOf } from './answers.ts';

/** The catalogue with what customers are not offered, and why, for administrators. */
export function serviceRoutes(catalogue: () => Catalogue, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    await requireRole(request, callerOf, { roles: ['administrator'] });
    response.json(catalogue());
  });
  return router;
}
