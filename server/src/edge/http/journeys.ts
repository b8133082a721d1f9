import { Router } from 'express';
import { JourneyQuery, type JourneysShown } from '@openvtm/protocol';
import type { z } from 'zod';
import { queryOf, requireRole, type CallerOf } from './answers.ts';

const READERS = ['supervisor', 'administrator'] as const;

/** Where customers' ways led and ended, for those who mend the services. */
export function journeyRoutes(
  shown: (query: z.infer<typeof JourneyQuery>) => Promise<JourneysShown>,
  { callerOf }: { callerOf: CallerOf },
): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    await requireRole(request, callerOf, { roles: READERS });
    response.json(await shown(queryOf(request, JourneyQuery)));
  });
  return router;
}
