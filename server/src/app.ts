import { join } from 'node:path';
import { answerRequests } from './answer-requests.ts';
import { answerOther, askOthers } from './ask-others.ts';
import type { Config } from './config/index.ts';
import { createDispatch } from './edge/dispatch.ts';
import { createFar } from './edge/far.ts';
import { createHttp } from './edge/http/index.ts';
import { createLeaving } from './edge/leaving.ts';
import { createLimits } from './edge/limits.ts';
import { createLines } from './edge/lines.ts';
import { createMetrics } from './edge/metrics.ts';
import { createWebServer, listenAt } from './edge/listen.ts';
import { tellFleeting } from './edge/notices/fleeting.ts';
import { tellScreens } from './edge/notices/index.ts';
import { createRefresh } from './edge/refresh.ts';
import { noRelay, openRelay } from './edge/relay.ts';
import { openSockets } from './edge/sockets.ts';
import { openTls } from './edge/tls.ts';
import { followDrawing } from './flows/annotate-page.ts';
import { carryOut } from './flows/carry-out.ts';
import { followLost } from './flows/call-help.ts';
import { followCalls } from './flows/follow-calls.ts';
import { followExplaining } from './flows/explain-sheet.ts';
import { followHearing } from './flows/help-hearing.ts';
import { equipKiosk } from './flows/equip-kiosk.ts';
import { openHandout } from './flows/hand-out.ts';
import { followJourneys, shownJourneys } from './flows/follow-journeys.ts';
import { greeting } from './flows/greet.ts';
import { keepNode } from './flows/keep-node.ts';
import { keepTime } from './flows/keep-time.ts';
import { drainNode } from './flows/drain-node.ts';
import { endSessions } from './flows/end-session.ts';
import { everyLineLost, lineLost, lineOpened, strandedLinesLost } from './flows/lose-line.ts';
import { createMediaHome } from './flows/media-home.ts';
import type { Parts } from './flows/parts.ts';
import type { MediaTell } from './modules/media/index.ts';
import { addPlan, changePlan, readPlans } from './flows/plan-appointments.ts';
import { planStaff } from './flows/plan-staff.ts';
import { callQuality, endedCallsPage } from './flows/show-quality.ts';
import { openReplays } from './flows/replay-day.ts';
import { ruleQueue } from './flows/rule-queue.ts';
import { keepReading } from './flows/read-document.ts';
import { uploadPage, uploadState, viewPage } from './flows/review-document.ts';
import { keepSealed } from './flows/seal-journal.ts';
import { firstAdministrator, seedDemo } from './flows/seed-demo.ts';
import { followSharing, leaveForm, restoreSharing } from './flows/share-form.ts';
import {
  callerOf,
  enrolKiosk,
  enrolPhone,
  kioskToken,
  staffLogin,
  staffLogout,
  staffRefresh,
} from './flows/sign-in.ts';
import { keepSealing, viewPaper } from './flows/sign-document.ts';
import { watchQuality } from './flows/watch-quality.ts';
import { createViews } from './flows/views.ts';
import { createBus } from './kernel/bus.ts';
import type { Clock } from './kernel/clock.ts';
import { openKeys } from './kernel/crypto.ts';
import { openDatabase, type Connection, type Database } from './kernel/db.ts';
import type { Caller } from './kernel/handler.ts';
import { openJournalKey } from './kernel/journal-key.ts';
import { measureStores, openStores } from './kernel/files/index.ts';
import type { Log } from './kernel/log.ts';
import { migrate } from './kernel/migrate.ts';
import { claimPurpose } from './kernel/purpose.store.ts';
import { createWorks } from './kernel/work.ts';
import { hearOthers } from './hear-others.ts';
import { openParts, SCHEMAS } from './open-parts.ts';

export { NameTaken } from './modules/nodes/index.ts';
export { SealCertificateUnusable } from './modules/signing/index.ts';

export type App = {
  url: string;
  port: number;
  parts: Parts;
  /** For the person who started it, line by line. */
  greeting: string[];
  /** Before closing: moves those who are in no call to the other processes, and waits for the calls. Alone: nothing. */
  drain(): Promise<void>;
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

  let draining = false;
  const token = keys.derive('nodes').toString('hex');
  const far = createFar({
    token,
    onRefused: (address) => void parts.nodes.suspect(address).catch(() => undefined),
  });
  /** To the line of a peer whose media are here, which may be in another process. */
  const tell: MediaTell = (subject, name, data) => {
    const line = lines.of(subject);
    const via = line ? undefined : home.viaOf(subject);
    line?.send(name, data);
    if (via !== undefined) far.tell(via, { is: 'tell', subject, name, data });
  };
  const metrics = createMetrics({
    clock,
    board: () => queue.board(),
    figures: () => queue.figures(),
    media: () => media.count(),
    quality: () => parts.quality.figures(clock()),
    lines: () => lines.count(),
    files: () => stores.state(),
    database: () => database.healthy(),
  });
  const stores = measureStores(await openStores(config), metrics.measureFiles);
  const parts = await openParts({
    config,
    database,
    keys,
    keyFolder,
    stores,
    clock,
    log,
    tell: (peerId, name, data) => tell(peerId, name, data),
  });
  const {
    captionSimulator,
    coreSimulator,
    documents,
    explaining,
    kiosks,
    media,
    messengerSimulator,
    nodes,
    queue,
    services,
    sessions,
    sharing,
  } = parts;
  const { alone } = await nodes.enter();
  const relay = config.cluster
    ? openRelay({ url: config.cluster.redisUrl, instance: nodes.me.instance, log })
    : noRelay;
  const farMedia = askOthers(far, nodes.me.address ?? '');
  const home = createMediaHome(parts, farMedia);

  if (config.demo) await seedDemo(parts, works);
  const madeAdministrator =
    !config.demo &&
    administratorPassword !== undefined &&
    (await firstAdministrator(parts, works, administratorPassword));

  const staffing = planStaff(parts);
  let url = '';
  const handlers = answerRequests(parts, works, { home, relay, staffing, base: () => config.publicUrl ?? url });

  const views = createViews(parts);
  const refresh = createRefresh({ lines, views, log });
  const limits = createLimits();
  const whoIs = (token: string) => callerOf(parts, token);
  const tls =
    config.tls === 'none' || config.tls === 'by-proxy'
      ? null
      : await openTls(config.tls, {
          folder: join(config.dataDir, 'tls'),
          host: config.media.announcedAddress ?? config.host,
        });
  const reachedFor = (request: 'document' | 'paper') => (caller: Caller, id: string) =>
    works.change({ kind: caller.kind, id: caller.id }, async (work) =>
      work.record({ kind: 'access.refused', about: { [`${request}Id`]: id }, data: { request, code: 'not-found' } }),
    );
  const http = createHttp({
    log,
    clock,
    limits,
    https: config.tls !== 'none',
    trustProxy: config.trustProxy,
    appInfo: { version, demo: config.demo },
    backgroundPicture: config.background.picture,
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
      ...equipKiosk(parts, works),
    },
    appointments: {
      plans: (caller) => readPlans(parts, caller),
      addPlan: (caller, wish) => addPlan(parts, works, { caller, ...wish }),
      changePlan: (caller, planId, wish) => changePlan(parts, works, { caller, planId, ...wish }),
    },
    documents: {
      upload: (piece) => uploadPage(parts, works, piece),
      uploadState: (wish) => uploadState(parts, wish),
      arriving: documents.arriving,
      arrived: documents.arrived,
      view: (wish) => viewPage(parts, works, wish),
      refused: reachedFor('document'),
    },
    papers: {
      view: (wish) => viewPaper(parts, works, wish),
      refused: reachedFor('paper'),
    },
    handouts: openHandout(parts, works),
    messengerSimulator,
    coreSimulator: coreSimulator && {
      state: () => ({ behaviour: coreSimulator.behaviour }),
      tell: ({ behaviour, times, only }) => coreSimulator.tell(behaviour, times, only),
    },
    captionSimulator,
    catalogue: () => ({ services: services.all() }),
    auditPage: (query) => parts.audit.page(query),
    staffing: (query) => staffing.page(query),
    quality: {
      endedCalls: (query) => endedCallsPage(parts, query),
      call: (callId) => callQuality(parts, callId),
    },
    queueRules: ruleQueue(parts, works),
    replay: openReplays({ queue, services, clock }),
    journeys: (query) => shownJourneys(parts, query),
    watch: {
      metrics,
      metricsToken: config.metricsToken,
      draining: () => draining,
      database: () => database.healthy(),
      media: () => media.workerPids().length > 0,
      files: () => stores.state(),
    },
    nodes: {
      token: config.cluster ? token : null,
      answer: (asked) => answerOther(asked, { callMedia, home, lines }),
    },
  });
  const server = createWebServer(http, tls);
  const dispatch = createDispatch({ handlers, works, keys, log, measure: metrics.measure });

  if (alone) await everyLineLost(parts, works);
  else await strandedLinesLost(parts, works);
  await restoreSharing(parts);
  // Media listen first: an accepted call flows before the screens' parts are read.
  const callMedia = followCalls(parts, {
    bus,
    log,
    home,
    far: farMedia,
    isHere: (subject) => lines.of(subject) !== undefined,
    rejoin: (subject) => lines.of(subject)?.send('media:lost', { reason: 'moved' }),
  });
  await callMedia.restore();
  const stopSharing = followSharing(parts, bus);
  const stopDrawing = followDrawing(parts, { bus, refresh });
  const stopHearing = followHearing(parts, { bus, log, refresh, relay });
  const sheets = followExplaining(parts, works, { bus, log, relay });
  tellFleeting({ refresh, sharing, explaining, documents, views });
  const stopTelling = tellScreens({ refresh, lines, views, waitingKiosks: () => queue.waitingKiosks() }, bus);
  const time = keepTime(parts, works, { bus, log });
  const ordering = carryOut(parts, works, { bus, log });
  const papers = keepSealing(parts, works, { bus, log });
  const lost = followLost(parts, works, { bus, log });
  const pages = keepReading(parts, works, { bus, log, alone });
  const reading = followJourneys(parts, works, { log, keepDays: config.journeyDays });
  const watching = watchQuality(parts, works, { log });
  const node = keepNode(parts, works, { log, callMedia, partAll: lines.partAll });
  const stopRelaying = bus.on((fact) => relay.send({ is: 'facts', facts: [fact] }));
  hearOthers(parts, { bus, lines, log, refresh, relay, sheets });
  await sheets.missed();
  const sealing = keepSealed({ database, key: journalKey, keyFolder, clock, log });
  const leaving = createLeaving({
    leave: home.leave,
    log,
    isBack: async (subject) => lines.of(subject) !== undefined || (await nodes.holders([subject])).has(subject),
  });
  const sessionEnds = endSessions(parts, works, { bus, log, home, lineOf: lines.of });
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
    opened: async (caller, lineId) => {
      leaveForm(parts, relay, caller);
      leaving.back(caller.subject);
      await lineOpened(parts, works, { ...caller, lineId });
      relay.send({ is: 'line', subject: caller.subject });
    },
    lost: async (caller) => {
      leaveForm(parts, relay, caller);
      leaving.soon(caller.subject);
      await lineLost(parts, works, caller);
    },
    expelled: sessionEnds.expelled,
  });

  const port = await listenAt(server, config);
  // From now on rooms may come here.
  await nodes.beat();
  const shownHost = config.host === '0.0.0.0' ? (config.media.announcedAddress ?? 'localhost') : config.host;
  url = `${tls ? 'https' : 'http'}://${shownHost}:${port}`;

  let closing: Promise<void> | null = null;
  return {
    url,
    port,
    parts,
    greeting: greeting(config.publicUrl ?? url, {
      demo: config.demo,
      administratorPassword: madeAdministrator ? (administratorPassword ?? null) : null,
    }),
    async drain() {
      if (!config.cluster || draining || !(await nodes.others())) return;
      draining = true;
      sockets.refuseNew();
      await nodes.drain();
      await drainNode(parts, {
        seconds: config.cluster.drainSeconds,
        linesHere: () => lines.all().map(({ caller }) => caller.subject),
        part: (subject) => lines.of(subject)?.part(),
      });
    },
    close(reason) {
      closing ??= (async () => {
        log.info({ reason }, 'closing');
        stopTelling();
        callMedia.close();
        stopRelaying();
        stopSharing();
        stopDrawing();
        stopHearing();
        leaving.close();
        sessionEnds.close();
        await sockets.close();
        server.closeAllConnections();
        await node.close();
        await nodes.leave().catch(() => undefined);
        await time.close();
        await relay.close();
        await ordering.close();
        await papers.close();
        await lost.close();
        await pages.close();
        await sheets.close();
        await reading.close();
        await watching.close();
        await coreSimulator?.close();
        await messengerSimulator?.close();
        await captionSimulator?.close();
        sharing.close();
        explaining.close();
        await media.close();
        documents.close();
        await sealing.close();
        stores.close();
        await database.close();
      })();
      return closing;
    },
  };
}
