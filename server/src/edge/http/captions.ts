import { Router } from 'express';
import { CaptionSimulatorState } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import { bodyOf, requireRole, type CallerOf } from './answers.ts';

/** What stands in the place of the speech service in a demonstration; null: the bank's own, or none. */
export type CaptionSimulatorHttp =
  | (CaptionSimulatorState & { tell(behaviour: CaptionSimulatorState['behaviour']): void })
  | null;

/** How administrators tell the simulated speech service to fail, and to come back. */
export function captionRoutes(simulator: CaptionSimulatorHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  router.use('/simulator', async (request, _response, next) => {
    await requireRole(request, callerOf, { roles: ['administrator'] });
    next(simulator ? undefined : new Refusal('not-found', 'no simulator is in the place of the speech service'));
  });
  router.get('/simulator', (_request, response) => void response.json({ behaviour: simulator?.behaviour }));
  router.put('/simulator', (request, response) => {
    simulator?.tell(bodyOf(request, CaptionSimulatorState).behaviour);
    response.json({ behaviour: simulator?.behaviour });
  });
  return router;
}
