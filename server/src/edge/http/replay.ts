import express, { Router } from 'express';
import { ReplayWish, type ReplayAnswer, type ReplayDays } from '@openvtm/protocol';
import { Refusal } from '../../kernel/errors.ts';
import { bodyOf, requireCaller, type CallerOf } from './answers.ts';

export type ReplayHttp = {
  days(): Promise<ReplayDays>;
  run(wish: ReplayWish): Promise<ReplayAnswer>;
};

/** Rules with their comments are longer than other bodies; the schema has the limit in letters. */
const LIMIT = '2mb';

/** What changed rules would have done on a day, for those who change them. Nothing is put in force here. */
export function replayRoutes(replay: ReplayHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  const guard = async (request: express.Request, roles: readonly ('administrator' | 'supervisor')[]) => {
    const caller = await requireCaller(request, callerOf);
    if (caller.kind !== 'staff' || !roles.some((role) => caller.roles.includes(role)))
      throw new Refusal('not-allowed', 'for administrators');
  };
  router.get('/', async (request, response) => {
    await guard(request, ['administrator', 'supervisor']);
    response.json(await replay.days());
  });
  router.post(
    '/',
    async (request, _response, next) => {
      await guard(request, ['administrator']);
      next();
    },
    express.json({ limit: LIMIT }),
    async (request, response) => void response.json(await replay.run(bodyOf(request, ReplayWish))),
  );
  return router;
}
