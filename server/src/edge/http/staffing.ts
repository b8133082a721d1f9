import { Router } from 'express';
import { StaffingQuery, type StaffingPage } from '@openvtm/protocol';
import { queryOf, requireRole, type CallerOf } from './answers.ts';

const READERS = ['supervisor', 'administrator'] as const;

/** A day's forecast and the agents it needs, for those who plan. */
export function staffingRoutes(
  page: (query: StaffingQuery) => Promise<StaffingPage>,
  { callerOf }: { callerOf: CallerOf },
): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    await requireRole(request, callerOf, { roles: READERS });
    response.json(await page(queryOf(request, StaffingQuery)));
  });
  return router;
}
