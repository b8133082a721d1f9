import { Router } from 'express';
import { AuditQuery, type AuditPage } from '@openvtm/protocol';
import type { z } from 'zod';
import { queryOf, requireRole, type CallerOf } from './answers.ts';

const READERS = ['inspector', 'supervisor', 'administrator'] as const;

/** The journal, page by page, for those who may read it. */
export function auditRoutes(
  page: (query: z.infer<typeof AuditQuery>) => Promise<AuditPage>,
  { callerOf }: { callerOf: CallerOf },
): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    await requireRole(request, callerOf, { roles: READERS });
    response.json(await page(queryOf(request, AuditQuery)));
  });
  return router;
}
