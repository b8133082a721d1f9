import { Router } from 'express';
import { CallId, EndedCallsQuery, type CallQuality, type EndedCallsPage } from '@openvtm/protocol';
import { ProtocolError } from '../../kernel/errors.ts';
import { queryOf, requireRole, type CallerOf } from './answers.ts';

const READERS = ['supervisor', 'inspector'] as const;

export type QualityHttp = {
  endedCalls(query: EndedCallsQuery): Promise<EndedCallsPage>;
  call(callId: CallId): Promise<CallQuality>;
};

/** Calls that are over, and how their media were, for those who look into them. */
export function qualityRoutes(quality: QualityHttp, { callerOf }: { callerOf: CallerOf }): Router {
  const router = Router();
  router.get('/calls', async (request, response) => {
    await requireRole(request, callerOf, { roles: READERS });
    response.json(await quality.endedCalls(queryOf(request, EndedCallsQuery)));
  });
  router.get('/calls/:callId', async (request, response) => {
    await requireRole(request, callerOf, { roles: READERS });
    const callId = CallId.safeParse(request.params['callId']);
    if (!callId.success) throw new ProtocolError('bad-request', 'no id of a call');
    response.json(await quality.call(callId.data));
  });
  return router;
}
