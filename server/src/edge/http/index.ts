import express, { type Express } from 'express';
import type { AppInfo, AuditPage, AuditQuery } from '@openvtm/protocol';
import type { z } from 'zod';
import { Refusal } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { securityHeaders } from '../headers.ts';
import type { Limits } from '../limits.ts';
import { answerErrors, type CallerOf } from './answers.ts';
import { appRoutes } from './apps.ts';
import { auditRoutes } from './audit.ts';
import { documentRoutes, type DocumentsHttp } from './documents.ts';
import { kioskRoutes, type KiosksHttp } from './kiosks.ts';
import { limitBy } from './limit.ts';
import { staffRoutes, type StaffHttp } from './staff.ts';
import { watchRoutes, type WatchNeeds } from './watch.ts';

export type HttpNeeds = {
  log: Log;
  limits: Limits;
  https: boolean;
  trustProxy: boolean;
  appInfo: AppInfo;
  callerOf: CallerOf;
  staff: StaffHttp;
  kiosks: KiosksHttp;
  documents: DocumentsHttp;
  auditPage(query: z.infer<typeof AuditQuery>): Promise<AuditPage>;
  watch: WatchNeeds;
};

/** The whole HTTP side, one router a word. */
export function createHttp(needs: HttpNeeds): Express {
  const { callerOf, https, limits } = needs;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', needs.trustProxy ? 1 : false);
  app.set('query parser', 'simple');
  app.use(securityHeaders({ https }));
  app.use(watchRoutes(needs.watch));
  app.use('/api', limitBy(limits.http, 'http'));
  app.get('/api/app', (_request, response) => void response.json(needs.appInfo));
  app.use('/api/documents', documentRoutes(needs.documents, { callerOf }));
  app.use('/api', express.json({ limit: '32kb' }));
  app.use('/api/staff', staffRoutes(needs.staff, { https, credentials: limits.credentials }));
  app.use('/api/kiosks', kioskRoutes(needs.kiosks, { callerOf, credentials: limits.credentials }));
  app.use('/api/audit', auditRoutes(needs.auditPage, { callerOf }));
  app.use(appRoutes());
  app.use((_request, _response, next) => next(new Refusal('not-found', 'no such address')));
  app.use(answerErrors(needs.log));
  return app;
}
