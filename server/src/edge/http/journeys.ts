import { Router } from 'express';
import { JourneyQuery, type JourneysShown } from '@openvtm/protocol';
import type { z } from 'zod';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import { requireCaller, type CallerOf } from './answers.ts';

const READERS = ['supervisor', 'administrator'] as const;

/** Where customers' ways led and ended, for those who mend the services. */
export function journeyRoutes(
  shown: (query: z.infer<typeof JourneyQuery>) => Promise<JourneysShown>,
  { callerOf }: { callerOf: CallerOf },
): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const caller = await requireCaller(request, callerOf);
    if (caller.kind !== 'staff' || !READERS.some((role) => caller.roles.includes(role)))
      throw new Refusal('not-allowed', 'for supervisors');
    const query = JourneyQuery.safeParse(request.query);
    if (!query.success) throw new ProtocolError('bad-request', 'the query does not fit');
    response.json(await shown(query.data));
  });
  return router;
}
