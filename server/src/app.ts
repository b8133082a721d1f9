import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KioskReaders } from '@openvtm/protocol';
import type { Config } from './config/index.ts';
import { createDispatch } from './edge/dispatch.ts';
import { createHttp } from './edge/http/index.ts';
import { createLeaving } from './edge/leaving.ts';
import { createLimits } from './edge/limits.ts';
import { createLines } from './edge/lines.ts';
import { createMetrics } from './edge/metrics.ts';
import { createWebServer, listenAt } from './edge/listen.ts';
import { tellScreens } from './edge/notices/index.ts';
import { createRefresh } from './edge/refresh.ts';
import { openSockets } from './edge/sockets.ts';
import { openTls } from './edge/tls.ts';
import { acceptCall } from './flows/accept-call.ts';
import { carryOut } from './flows/carry-out.ts';
import { bookAppointment } from './flows/book-appointment.ts';
import { callBack } from './flows/call-back.ts';
import { callHelp, followLost } from './flows/call-help.ts';
import { carryMedia, followCalls, restoreMedia } from './flows/carry-media.ts';
import { identifyCustomer } from './flows/identify-customer.ts';
import { hangUp } from './flows/end-call.ts';
import { handOver } from './flows/hand-over.ts';
import { followJourneys, shownJourneys, tellJourneys } from './flows/follow-journeys.ts';
import { greeting } from './flows/greet.ts';
import { joinQueue } from './flows/join-queue.ts';
import { keepTime } from './flows/keep-time.ts';
import { everyLineLost, lineLost, lineOpened } from './flows/lose-line.ts';
import { orderInCall } from './flows/order-in-call.ts';
import type { Parts } from './flows/parts.ts';
import { addPlan, changePlan, readPlans } from './flows/plan-appointments.ts';
import { planStaff } from './flows/plan-staff.ts';
import { openReplays } from './flows/replay-day.ts';
import { ruleQueue } from './flows/rule-queue.ts';
import { reviewDocument, uploadPage, viewPage } from './flows/review-document.ts';
import { keepSealed } from './flows/seal-journal.ts';
import { firstAdministrator, seedDemo } from './flows/seed-demo.ts';
import { serveCase } from './flows/serve-case.ts';
import { followSharing, leaveForm, restoreSharing, shareForm } from './flows/share-form.ts';
import {
  callerOf,
  enrolKiosk,
  enrolPhone,
  kioskToken,
  staffLogin,
  staffLogout,
  staffRefresh,
} from './flows/sign-in.ts';
import { showQueue } from './flows/show-queue.ts';
import { showCustomer } from './flows/show-customer.ts';
import { staffQueue } from './flows/staff-queue.ts';
import { createViews } from './flows/views.ts';
import { createBus } from './kernel/bus.ts';
import type { Clock } from './kernel/clock.ts';
import { ProtocolError } from './kernel/errors.ts';
import { openKeys } from './kernel/crypto.ts';
import { openDatabase, type Connection, type Database } from './kernel/db.ts';
import { combine, type Handlers } from './kernel/handler.ts';
import { openJournalKey } from './kernel/journal-key.ts';
import type { Log } from './kernel/log.ts';
import { kernelMigrations, migrate } from './kernel/migrate.ts';
import { claimPurpose } from './kernel/purpose.store.ts';
import { createWorks } from './kernel/work.ts';
import { appointmentsSchema, openAppointments } from './modules/appointments/index.ts';
import { openAudit } from './modules/audit/index.ts';
import { callbacksSchema, openCallBacks } from './modules/callbacks/index.ts';
import { callsSchema, openCalls } from './modules/calls/index.ts';
import { casesSchema, openCases } from './modules/cases/index.ts';
import { coreSchema, createCoreConnector, noCore, openCore, startCoreSimulator } from './modules/core/index.ts';
import { documentsSchema, openDocuments } from './modules/documents/index.ts';
import { handoversSchema, openHandovers } from './modules/handovers/index.ts';
import { helpSchema, openHelp } from './modules/help/index.ts';
import { identitiesSchema, openIdentities } from './modules/identities/index.ts';
import { journeysSchema, openJourneys } from './modules/journeys/index.ts';
import { kiosksSchema, openKiosks } from './modules/kiosks/index.ts';
import { createMedia } from './modules/media/index.ts';
import { openQueue, queueSchema } from './modules/queue/index.ts';
import { createServices } from './modules/services/index.ts';
import { openSessions, sessionsSchema } from './modules/sessions/index.ts';
import { openSharing } from './modules/sharing/index.ts';
import { openStaff, staffSchema } from './modules/staff/index.ts';

/** Every schema with its migrations, in the order they are applied. */
export const SCHEMAS = [
  kernelMigrations,
  sessionsSchema,
  staffSchema,
  kiosksSchema,
  casesSchema,
  queueSchema,
  callsSchema,
  documentsSchema,
  helpSchema,
  coreSchema,
  identitiesSchema,
  handoversSchema,
  appointmentsSchema,
  journeysSchema,
  callbacksSchema,
];

export type App = {
  url: string;
  port: number;
  parts: Parts;
  /** For the person who started it, line by line. */
  greeting: string[];
  /** Stops taking in, then closes everything from the outside in. May be called twice. */
  close(reason: string): Promise<void>;
};
export type AppNeeds = {
  config: Config;
  connection: Connection;
  clock: Clock;
  log: Log;
  version: string;
  administratorPassword?: string;
};

/** Builds the whole server, top to bottom, and starts it. What fails leaves no connection behind. */
export async function startApp(needs: AppNeeds): Promise<App> {
  const database = openDatabase({ connection: needs.connection, log: needs.log });
  try {
    return await build(needs, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function build(
  { config, clock, log, version, administratorPassword }: AppNeeds,
  database: Database,
): Promise<App> {
  const applied = await migrate(database, SCHEMAS);
  if (applied.length > 0) log.info({ migrations: applied }, 'the database was brought up to date');
  await claimPurpose(database, config.demo ? 'demo' : 'live');

  const keyFolder = join(config.dataDir, 'keys');
  const keys = await openKeys(keyFolder);
  const journalKey = await openJournalKey(keyFolder);
  const bus = createBus(log);
  const works = createWorks({ database, bus, clock });
  const lines = createLines();

  const coreSimulator = config.demo && !config.core ? await startCoreSimulator({ token: 'demonstration' }) : null;
  const coreAt = config.core ?? (coreSimulator ? { url: coreSimulator.url, token: 'demonstration' } : null);
  const core = openCore({ database, keys, connector: coreAt ? createCoreConnector(coreAt) : noCore });
  const identities = openIdentities({ database, keys });
  const handovers = openHandovers({ database, keys });
  const callbacks = openCallBacks({ database, keys });
  const appointments = openAppointments({ database, keys });

  const services = await createServices({
    own: config.servicesDir ? pathToFileURL(`${config.servicesDir}/`) : null,
    core: coreAt !== null,
  });
  const sessions = openSessions({ database, keys, clock });
  const staff = openStaff({ database });
  const kiosks = openKiosks({ database });
  const cases = openCases({ database, keys, services });
  const queue = openQueue({ database, clock });
  const calls = openCalls({ database, keys });
  const help = openHelp({ database });
  const journeys = openJourneys({ database });
  const sharing = openSharing({ clock });
  const documents = await openDocuments({ database, keys, folder: join(config.dataDir, 'documents'), keyFolder });
  const audit = openAudit({
    database,
    names: async (actors) => {
      const found = await staff.names(actors.staff);
      for (const kiosk of await Promise.all(actors.kiosks.map((id) => kiosks.view(id))))
        if (kiosk) found.set(kiosk.kioskId, kiosk.name);
      return found;
    },
  });
  const media = await createMedia({
    log,
    clock,
    settings: { ...config.media, iceConsentTimeoutSeconds: 12 },
    tell: (peerId, name, data) => lines.of(peerId)?.send(name, data),
  });
  const parts: Parts = {
    appointments,
    audit,
    callbacks,
    calls,
    cases,
    clock,
    core,
    coreSimulator,
    demo: config.demo,
    documents,
    handovers,
    help,
    identities,
    journeys,
    kiosks,
    media,
    queue,
    services,
    sessions,
    sharing,
    staff,
    typing: config.typing,
  };

  if (config.demo) await seedDemo(parts, works);
  const madeAdministrator =
    !config.demo &&
    administratorPassword !== undefined &&
    (await firstAdministrator(parts, works, administratorPassword));

  const staffing = planStaff(parts);
  const handlers: Handlers = combine(
    serveCase(parts),
    joinQueue(parts),
    callBack(parts),
    staffQueue(parts),
    showQueue(parts),
    acceptCall(parts),
    hangUp(parts),
    reviewDocument(parts),
    callHelp(parts),
    identifyCustomer(parts, works),
    handOver(parts),
    bookAppointment(parts),
    tellJourneys(parts),
    orderInCall(parts, works),
    showCustomer(parts, works),
    carryMedia(parts),
    shareForm(parts),
    staffing.handlers,
    { 'line:resync': async () => ({}) },
  );

  const views = createViews(parts);
  const metrics = createMetrics({
    clock,
    board: () => queue.board(),
    figures: () => queue.figures(),
    media: () => media.count(),
    lines: () => lines.count(),
  });
  const refresh = createRefresh({ lines, views, log });
  const limits = createLimits();
  const whoIs = (token: string) => callerOf(parts, token);
  const tls =
    config.tls === 'none'
      ? null
      : await openTls(config.tls, {
          folder: join(config.dataDir, 'tls'),
          host: config.media.announcedAddress ?? config.host,
        });
  const http = createHttp({
    log,
    limits,
    https: tls !== null,
    trustProxy: config.trustProxy,
    appInfo: { version, demo: config.demo },
    callerOf: whoIs,
    staff: {
      login: (credentials) => staffLogin(parts, works, credentials),
      refresh: (cookie) => staffRefresh(parts, works, cookie),
      logout: (cookie) => staffLogout(parts, works, cookie),
    },
    kiosks: {
      enrol: (wish) => enrolKiosk(parts, works, wish),
      visit: (wish) => enrolPhone(parts, works, wish),
      challenge: (kioskId) => works.bySystem((work) => kiosks.challenge(work, kioskId)),
      token: (proof) => kioskToken(parts, works, proof),
      add: (by, wish) => {
        noSimulator(config, wish.readers);
        return works.change({ kind: 'staff', id: by.id }, (work) => kiosks.add(work, wish));
      },
      setReaders: (by, kioskId, readers) => {
        noSimulator(config, readers);
        return works.change({ kind: 'staff', id: by.id }, (work) => kiosks.setReaders(work, kioskId, readers));
      },
    },
    appointments: {
      plans: (caller) => readPlans(parts, caller),
      addPlan: (caller, wish) => addPlan(parts, works, { caller, ...wish }),
      changePlan: (caller, planId, wish) => changePlan(parts, works, { caller, planId, ...wish }),
    },
    documents: {
      upload: (upload) => uploadPage(parts, works, upload),
      view: (wish) => viewPage(parts, works, wish),
      refused: (caller, documentId) =>
        works.change({ kind: caller.kind, id: caller.id }, async (work) =>
          work.record({
            kind: 'access.refused',
            about: { documentId },
            data: { request: 'document', code: 'not-found' },
          }),
        ),
    },
    coreSimulator: coreSimulator && {
      state: () => ({ behaviour: coreSimulator.behaviour }),
      tell: ({ behaviour, times, only }) => coreSimulator.tell(behaviour, times, only),
    },
    catalogue: () => ({ services: services.all() }),
    auditPage: (query) => audit.page(query),
    staffing: (query) => staffing.page(query),
    queueRules: ruleQueue(parts, works),
    replay: openReplays({ queue, services, clock }),
    journeys: (query) => shownJourneys(parts, query),
    watch: {
      metrics,
      metricsToken: config.metricsToken,
      ready: async () => (await database.healthy()) && media.workerPids().length > 0,
    },
  });
  const server = createWebServer(http, tls);
  const dispatch = createDispatch({ handlers, works, keys, log, measure: metrics.measure });

  await everyLineLost(parts, works);
  await restoreMedia(parts);
  await restoreSharing(parts);
  // Media listen first: an accepted call flows before the screens' parts are read.
  const stopFollowing = followCalls(parts, bus);
  const stopSharing = followSharing(parts, bus);
  sharing.onChange((side) =>
    'kioskId' in side ? refresh.kiosk(side.kioskId, 'sharing') : refresh.staff(side.staffId, 'sharing'),
  );
  const stopTelling = tellScreens({ refresh, lines, views, waitingKiosks: () => queue.waitingKiosks() }, bus);
  const time = keepTime(parts, works, { bus, log });
  const ordering = carryOut(parts, works, { bus, log });
  const lost = followLost(parts, works, { bus, log });
  const reading = followJourneys(parts, works, { log, keepDays: config.journeyDays });
  const sealing = keepSealed({ database, key: journalKey, keyFolder, clock, log });
  const leaving = createLeaving(media.leave, (subject) => lines.of(subject) !== undefined);
  const sockets = openSockets({
    server,
    dispatch,
    lines,
    refresh,
    limits,
    log,
    trustProxy: config.trustProxy,
    callerOf: whoIs,
    stillLive: (ids) => sessions.stillLive(ids),
    opened: (caller) => {
      leaveForm(parts, caller);
      return lineOpened(parts, works, caller);
    },
    lost: async (caller) => {
      leaveForm(parts, caller);
      leaving.soon(caller.subject);
      await lineLost(parts, works, caller);
    },
  });

  const port = await listenAt(server, config);
  const shownHost = config.host === '0.0.0.0' ? (config.media.announcedAddress ?? 'localhost') : config.host;
  const url = `${tls ? 'https' : 'http'}://${shownHost}:${port}`;

  let closing: Promise<void> | null = null;
  return {
    url,
    port,
    parts,
    greeting: greeting(url, {
      demo: config.demo,
      administratorPassword: madeAdministrator ? (administratorPassword ?? null) : null,
    }),
    close(reason) {
      closing ??= (async () => {
        log.info({ reason }, 'closing');
        stopTelling();
        stopFollowing();
        stopSharing();
        leaving.close();
        await sockets.close();
        server.closeAllConnections();
        await time.close();
        await ordering.close();
        await lost.close();
        await reading.close();
        await coreSimulator?.close();
        sharing.close();
        await media.close();
        documents.close();
        await sealing.close();
        await database.close();
      })();
      return closing;
    },
  };
}

/** A simulated reader would fill real forms with invented people. */
function noSimulator({ demo }: Config, { idCard, bankCard }: KioskReaders): void {
  if (!demo && [idCard, bankCard].includes('simulator'))
    throw new ProtocolError('bad-request', 'a simulator is for demonstrations only');
}
