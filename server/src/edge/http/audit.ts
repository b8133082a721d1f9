import { Router } from 'express';
import { AuditQuery, type AuditPage } from '@openvtm/protocol';
import type { z } from 'zod';
import { ProtocolError, Refusal } from '../../kernel/errors.ts';
import { requireCaller, type CallerOf } from './answers.ts';

const READERS = ['inspector', 'supervisor', 'administrator'] as const;

/** The journal, page by page, for those who may read it. */
export function auditRoutes(
  page: (query: z.infer<typeof AuditQuery>) => Promise<AuditPage>,
  { callerOf }: { callerOf: CallerOf },
): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const caller = await requireCaller(request, callerOf);
    if (caller.kind !== 'staff' || !READERS.some((role) => caller.roles.includes(role)))
      throw new Refusal('not-allowed', 'for inspectors');
    const query = AuditQuery.safeParse(request.query);
    if (!query.success) throw new ProtocolError('bad-request', 'the query does not fit');
    response.json(await page(query.data));
  });
  return router;
}
