import express, { Router } from 'express';
import { ReplayWish, type ReplayAnswer, type ReplayDays } from '@openvtm/protocol';
import { bodyOf, requireRole, type CallerOf } from './answers.ts';

export type ReplayHttp = {
  days(): Promise<ReplayDays>;
  run(wish: ReplayWish): Promise<ReplayAnswer>;
};

/** Rules with their comments are longer than other bodies; the schema has the limit in letters. */
const LIMIT = '2mb';

/** What changed rules would have done on a day, for those who change them. Nothing is put in force here. */
export function replayRoutes(replay: ReplayHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    await requireRole(request, callerOf, { roles: ['administrator', 'supervisor'] });
    response.json(await replay.days());
  });
  router.post(
    '/',
    async (request, _response, next) => {
      await requireRole(request, callerOf, { roles: ['administrator'] });
      next();
    },
    express.json({ limit: LIMIT }),
    async (request, response) => void response.json(await replay.run(bodyOf(request, ReplayWish))),
  );
  return router;
}
