import { Router } from 'express';
import { CoreSimulatorWish, type CoreSimulatorState } from '@openvtm/protocol';
import type { z } from 'zod';
import { Refusal } from '../../kernel/errors.ts';
import { bodyOf, requireRole, type CallerOf } from './answers.ts';

/** What stands in the place of the bank's core in a demonstration; null: the bank's own. */
export type CoreSimulatorHttp = {
  state(): CoreSimulatorState;
  tell(wish: z.infer<typeof CoreSimulatorWish>): void;
} | null;

/** How administrators tell the simulated core to be slow, to refuse or to fail. */
export function coreRoutes(simulator: CoreSimulatorHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  router.use('/simulator', async (request, _response, next) => {
    await requireRole(request, callerOf, { roles: ['administrator'] });
    next(simulator ? undefined : new Refusal('not-found', 'no simulator is in the place of the core'));
  });
  router.get('/simulator', (_request, response) => void response.json(simulator?.state()));
  router.put('/simulator', (request, response) => {
    simulator?.tell(bodyOf(request, CoreSimulatorWish));
    response.json(simulator?.state());
  });
  return router;
}
