import { Router } from 'express';
import type { Catalogue } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import { requireCaller, type CallerOf } from './answers.ts';

/** The catalogue with what customers are not offered, and why, for administrators. */
export function serviceRoutes(catalogue: () => Catalogue, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const caller = await requireCaller(request, callerOf);
    if (caller.kind !== 'staff' || !caller.roles.includes('administrator'))
      throw new Refusal('not-allowed', 'for administrators');
    response.json(catalogue());
  });
  return router;
}
