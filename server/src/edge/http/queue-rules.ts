import express, { Router } from 'express';
import { RulesChange, RulesCheck, type RulesFlaw, type RulesInForce } from '@openvtm/protocol';
import type { StaffCaller } from '../../kernel/handler.ts';
import { bodyOf, requireRole, type CallerOf } from './answers.ts';

export type QueueRulesHttp = {
  read(): Promise<RulesInForce>;
  check(text: string): RulesFlaw[];
  change(
    caller: StaffCaller,
    change: { text: string; basedOn: number },
  ): Promise<{ version: number } | { flaws: RulesFlaw[] }>;
};

/** Rules with their comments are longer than other bodies; the schema has the limit in letters. */
const LIMIT = '2mb';

/** How tickets find their agents: read, checked, put in force. */
export function queueRulesRoutes(rules: QueueRulesHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  // Who asks is known before the body is read.
  const guard: express.RequestHandler = async (request, response, next) => {
    response.locals.caller = await requireRole(request, callerOf, { roles: ['administrator'] });
    next();
  };
  router.get('/', async (request, response) => {
    await requireRole(request, callerOf, { roles: ['administrator', 'supervisor'] });
    response.json(await rules.read());
  });
  router.post('/check', guard, express.json({ limit: LIMIT }), (request, response) => {
    response.json({ flaws: rules.check(bodyOf(request, RulesCheck).text) });
  });
  router.put('/', guard, express.json({ limit: LIMIT }), async (request, response) => {
    const changed = await rules.change(response.locals.caller as StaffCaller, bodyOf(request, RulesChange));
    response.status('flaws' in changed ? 400 : 200).json(changed);
  });
  return router;
}
