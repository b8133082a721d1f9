import { join } from 'node:path';
import type { Config } from './config/index.ts';
import { createDispatch } from './edge/dispatch.ts';
import { createHttp } from './edge/http/index.ts';
import { createLimits } from './edge/limits.ts';
import { createLines } from './edge/lines.ts';
import { createMetrics } from './edge/metrics.ts';
import { createWebServer, listenAt } from './edge/listen.ts';
import { tellScreens } from './edge/notices/index.ts';
import { createRefresh } from './edge/refresh.ts';
import { openSockets } from './edge/sockets.ts';
import { openTls } from './edge/tls.ts';
import { acceptCall } from './flows/accept-call.ts';
import { callHelp } from './flows/call-help.ts';
import { carryMedia, followCalls, restoreMedia } from './flows/carry-media.ts';
import { hangUp } from './flows/end-call.ts';
import { greeting } from './flows/greet.ts';
import { joinQueue } from './flows/join-queue.ts';
import { keepTime } from './flows/keep-time.ts';
import { everyLineLost, lineLost, lineOpened } from './flows/lose-line.ts';
import type { Parts } from './flows/parts.ts';
import { reviewDocument, uploadPage, viewPage } from './flows/review-document.ts';
import { keepSealed } from './flows/seal-journal.ts';
import { firstAdministrator, seedDemo } from './flows/seed-demo.ts';
import { serveCase } from './flows/serve-case.ts';
import { callerOf, enrolKiosk, kioskToken, staffLogin, staffLogout, staffRefresh } from './flows/sign-in.ts';
import { staffQueue } from './flows/staff-queue.ts';
import { createViews } from './flows/views.ts';
import { createBus } from './kernel/bus.ts';
import type { Clock } from './kernel/clock.ts';
import { openKeys } from './kernel/crypto.ts';
import { openDatabase, type Connection, type Database } from './kernel/db.ts';
import { combine, type Handlers } from './kernel/handler.ts';
import { openJournalKey } from './kernel/journal-key.ts';
import type { Log } from './kernel/log.ts';
import { kernelMigrations, migrate } from './kernel/migrate.ts';
import { claimPurpose } from './kernel/purpose.store.ts';
import { createWorks } from './kernel/work.ts';
import { openAudit } from './modules/audit/index.ts';
import { callsSchema, openCalls } from './modules/calls/index.ts';
import { casesSchema, openCases } from './modules/cases/index.ts';
import { documentsSchema, openDocuments } from './modules/documents/index.ts';
import { helpSchema, openHelp } from './modules/help/index.ts';
import { kiosksSchema, openKiosks } from './modules/kiosks/index.ts';
import { createMedia } from './modules/media/index.ts';
import { openQueue, queueSchema } from './modules/queue/index.ts';
import { createServices } from './modules/services/index.ts';
import { openSessions, sessionsSchema } from './modules/sessions/index.ts';
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

  const services = await createServices();
  const sessions = openSessions({ database, keys, clock });
  const staff = openStaff({ database });
  const kiosks = openKiosks({ database });
  const cases = openCases({ database, keys, services });
  const queue = openQueue({ database });
  const calls = openCalls({ database, keys });
  const help = openHelp({ database });
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
    audit,
    calls,
    cases,
    clock,
    demo: config.demo,
    documents,
    help,
    kiosks,
    media,
    queue,
    services,
    sessions,
    staff,
  };

  if (config.demo) await seedDemo(parts, works);
  const madeAdministrator =
    !config.demo &&
    administratorPassword !== undefined &&
    (await firstAdministrator(parts, works, administratorPassword));

  const handlers: Handlers = combine(
    serveCase(parts),
    joinQueue(parts),
    staffQueue(parts),
    acceptCall(parts),
    hangUp(parts),
    reviewDocument(parts),
    callHelp(parts),
    carryMedia(parts),
    { 'line:resync': async () => ({}) },
  );

  const views = createViews(parts);
  const metrics = createMetrics({
    clock,
    board: () => queue.board(),
    media: () => media.count(),
    lines: () => {
      const open = lines.all();
      const kiosk = open.filter((line) => line.caller.kind === 'kiosk').length;
      return { kiosk, staff: open.length - kiosk };
    },
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
      challenge: (kioskId) => works.bySystem((work) => kiosks.challenge(work, kioskId)),
      token: (proof) => kioskToken(parts, works, proof),
      add: (by, wish) => works.change({ kind: 'staff', id: by.id }, (work) => kiosks.add(work, wish)),
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
    auditPage: (query) => audit.page(query),
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
  // Media listen first: an accepted call flows before the screens' parts are read.
  const stopFollowing = followCalls(parts, bus);
  const stopTelling = tellScreens({ refresh, lines, views, waitingKiosks: () => queue.waitingKiosks() }, bus);
  const time = keepTime(parts, works, { bus, log });
  const sealing = keepSealed({ database, key: journalKey, keyFolder, clock, log });
  const leaving = createLeaving(media.leave, (subject) => lines.of(subject) !== undefined);
  const sockets = openSockets({
    server,
    dispatch,
    lines,
    refresh,
    limits,
    log,
    callerOf: whoIs,
    stillLive: (ids) => sessions.stillLive(ids),
    opened: (caller) => lineOpened(parts, works, caller),
    lost: async (caller) => {
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
        leaving.close();
        await sockets.close();
        server.closeAllConnections();
        await time.close();
        await media.close();
        documents.close();
        await sealing.close();
        await database.close();
      })();
      return closing;
    },
  };
}

/** A peer whose line stays down longer than a call waits for it has left for good. */
const LEAVE_AFTER_MS = 90_000;

function createLeaving(leave: (peerId: string) => void, isBack: (peerId: string) => boolean) {
  const timers = new Set<NodeJS.Timeout>();
  return {
    soon(peerId: string) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!isBack(peerId)) leave(peerId);
      }, LEAVE_AFTER_MS);
      timers.add(timer);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
