import express, { type Express } from 'express';
import { BACKGROUND_PATH } from '@openvtm/protocol';
import type {
  AppInfo,
  AuditPage,
  Catalogue,
  AuditQuery,
  JourneyQuery,
  JourneysShown,
  StaffingPage,
  StaffingQuery,
} from '@openvtm/protocol';
import type { z } from 'zod';
import { Refusal } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { securityHeaders } from '../headers.ts';
import type { Limits } from '../limits.ts';
import { answerErrors, type CallerOf } from './answers.ts';
import { appointmentRoutes, type AppointmentsHttp } from './appointments.ts';
import { appRoutes } from './apps.ts';
import { auditRoutes } from './audit.ts';
import { journeyRoutes } from './journeys.ts';
import { serviceRoutes } from './services.ts';
import { captionRoutes, type CaptionSimulatorHttp } from './captions.ts';
import { coreRoutes, type CoreSimulatorHttp } from './core.ts';
import { documentRoutes, type DocumentsHttp } from './documents.ts';
import { handoutRoutes, type HandoutsHttp, type MessengerSimulatorHttp } from './handouts.ts';
import { kioskRoutes, type KiosksHttp } from './kiosks.ts';
import { limitBy } from './limit.ts';
import { nodeRoutes, type NodesHttp } from './nodes.ts';
import { qualityRoutes, type QualityHttp } from './quality.ts';
import { queueRulesRoutes, type QueueRulesHttp } from './queue-rules.ts';
import { replayRoutes, type ReplayHttp } from './replay.ts';
import { selfTestRoutes } from './self-tests.ts';
import { signingRoutes, type SigningHttp } from './signing.ts';
import { staffRoutes, type StaffHttp } from './staff.ts';
import { staffingRoutes } from './staffing.ts';
import { watchRoutes, type WatchNeeds } from './watch.ts';

export type HttpNeeds = {
  log: Log;
  clock: () => number;
  limits: Limits;
  https: boolean;
  trustProxy: boolean;
  appInfo: AppInfo;
  /** The bank's own picture for agents to stand before, a file. */
  backgroundPicture: string | null;
  callerOf: CallerOf;
  staff: StaffHttp;
  kiosks: KiosksHttp;
  appointments: AppointmentsHttp;
  documents: DocumentsHttp;
  papers: SigningHttp;
  handouts: HandoutsHttp;
  messengerSimulator: MessengerSimulatorHttp;
  catalogue(): Catalogue;
  coreSimulator: CoreSimulatorHttp;
  captionSimulator: CaptionSimulatorHttp;
  auditPage(query: z.infer<typeof AuditQuery>): Promise<AuditPage>;
  quality: QualityHttp;
  queueRules: QueueRulesHttp;
  replay: ReplayHttp;
  staffing(query: StaffingQuery): Promise<StaffingPage>;
  journeys(query: z.infer<typeof JourneyQuery>): Promise<JourneysShown>;
  watch: WatchNeeds;
  nodes: NodesHttp;
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
  app.use('/node', nodeRoutes(needs.nodes));
  app.use('/api', limitBy(limits.http, 'http'));
  app.get('/api/app', (_request, response) => void response.json(needs.appInfo));
  app.get(BACKGROUND_PATH, (_request, response, next) => {
    if (needs.backgroundPicture === null) return next(new Refusal('not-found', 'no background of its own'));
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(needs.backgroundPicture);
  });
  app.use('/api/documents', documentRoutes(needs.documents, { callerOf }));
  app.use('/api/papers', signingRoutes(needs.papers, { callerOf }));
  app.use('/api/queue-rules', queueRulesRoutes(needs.queueRules, { callerOf }));
  app.use('/api/replay', replayRoutes(needs.replay, { callerOf }));
  app.use('/api/self-tests', limitBy(limits.selfTests, 'self-tests'), selfTestRoutes({ callerOf, clock: needs.clock }));
  // A plan may be of two thousand branches, each with its hours.
  app.use('/api/appointments', express.json({ limit: '1mb' }));
  app.use('/api', express.json({ limit: '32kb' }));
  app.use('/api/staff', staffRoutes(needs.staff, { https, credentials: limits.credentials }));
  app.use('/api/kiosks', kioskRoutes(needs.kiosks, { callerOf, credentials: limits.credentials }));
  app.use(
    '/api/handouts',
    handoutRoutes(needs.handouts, { callerOf, credentials: limits.credentials, simulator: needs.messengerSimulator }),
  );
  app.use('/api/appointments', appointmentRoutes(needs.appointments, { callerOf }));
  app.use('/api/services', serviceRoutes(needs.catalogue, { callerOf }));
  app.use('/api/captions', captionRoutes(needs.captionSimulator, { callerOf }));
  app.use('/api/core', coreRoutes(needs.coreSimulator, { callerOf }));
  app.use('/api/audit', auditRoutes(needs.auditPage, { callerOf }));
  app.use('/api/staffing', staffingRoutes(needs.staffing, { callerOf }));
  app.use('/api/journeys', journeyRoutes(needs.journeys, { callerOf }));
  app.use('/api/quality', qualityRoutes(needs.quality, { callerOf }));
  app.use(appRoutes());
  app.use((_request, _response, next) => next(new Refusal('not-found', 'no such address')));
  app.use(answerErrors(needs.log));
  return app;
}
