import { Router } from 'express';
import { StaffingQuery, type StaffingPage } from '@openvtm/protocol';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import { requireCaller, type CallerOf } from './answers.ts';

const READERS = ['supervisor', 'administrator'] as const;

/** A day's forecast and the agents it needs, for those who plan. */
export function staffingRoutes(
  page: (query: StaffingQuery) => Promise<StaffingPage>,
  { callerOf }: { callerOf: CallerOf },
): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const caller = await requireCaller(request, callerOf);
    if (caller.kind !== 'staff' || !READERS.some((role) => caller.roles.includes(role)))
      throw new Refusal('not-allowed', 'for supervisors');
    const query = StaffingQuery.safeParse(request.query);
    if (!query.success) throw new ProtocolError('bad-request', 'the query does not fit');
    response.json(await page(query.data));
  });
  return router;
}
