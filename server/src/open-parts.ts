import { pathToFileURL } from 'node:url';
import { BACKGROUND_PATH } from '@openvtm/protocol';
import type { Config } from './config/index.ts';
import type { Parts } from './flows/parts.ts';
import type { Clock } from './kernel/clock.ts';
import type { Keys } from './kernel/crypto.ts';
import type { Database } from './kernel/db.ts';
import type { FileStores } from './kernel/files/index.ts';
import type { Log } from './kernel/log.ts';
import { kernelMigrations } from './kernel/migrate.ts';
import { annotationsSchema, openAnnotations } from './modules/annotations/index.ts';
import { appointmentsSchema, openAppointments } from './modules/appointments/index.ts';
import { openAudit } from './modules/audit/index.ts';
import { callbacksSchema, openCallBacks } from './modules/callbacks/index.ts';
import { callsSchema, openCalls } from './modules/calls/index.ts';
import { casesSchema, openCases } from './modules/cases/index.ts';
import { chatSchema, openChat } from './modules/chat/index.ts';
import { coreSchema, createCoreConnector, noCore, openCore, startCoreSimulator } from './modules/core/index.ts';
import { documentsSchema, openDocuments } from './modules/documents/index.ts';
import { openExplaining } from './modules/explaining/index.ts';
import { createMessenger, handoutsSchema, openHandouts, startMessengerSimulator } from './modules/handouts/index.ts';
import { handoversSchema, openHandovers } from './modules/handovers/index.ts';
import { createCaptionService, openHearing, startCaptionSimulator } from './modules/hearing/index.ts';
import { helpSchema, openHelp } from './modules/help/index.ts';
import { identitiesSchema, openIdentities } from './modules/identities/index.ts';
import { journeysSchema, openJourneys } from './modules/journeys/index.ts';
import { kiosksSchema, openKiosks } from './modules/kiosks/index.ts';
import { createMedia, type MediaTell } from './modules/media/index.ts';
import { nodesSchema, openNodes } from './modules/nodes/index.ts';
import { openQuality, qualitySchema } from './modules/quality/index.ts';
import { openQueue, queueSchema } from './modules/queue/index.ts';
import { openReading, readingSchema } from './modules/reading/index.ts';
import { openSelfTests, selfTestsSchema } from './modules/self-tests/index.ts';
import { openRecalls, recallsSchema } from './modules/recalls/index.ts';
import { openReviews, reviewsSchema } from './modules/reviews/index.ts';
import { createServices } from './modules/services/index.ts';
import { openSessions, sessionsSchema } from './modules/sessions/index.ts';
import { openSharing } from './modules/sharing/index.ts';
import { openSigning, signingSchema } from './modules/signing/index.ts';
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
  signingSchema,
  handoutsSchema,
  nodesSchema,
  readingSchema,
  annotationsSchema,
  selfTestsSchema,
  chatSchema,
  recallsSchema,
  reviewsSchema,
  qualitySchema,
];

type Needs = {
  config: Config;
  database: Database;
  keys: Keys;
  keyFolder: string;
  stores: FileStores;
  clock: Clock;
  log: Log;
  tell: MediaTell;
};

/** Opens every module, each with what it needs of the floor; stories between them are told in `flows/`. */
export async function openParts({
  config,
  database,
  keys,
  keyFolder,
  stores,
  clock,
  log,
  tell,
}: Needs): Promise<Parts> {
  const coreSimulator = config.demo && !config.core ? await startCoreSimulator({ token: 'demonstration' }) : null;
  const coreAt = config.core ?? (coreSimulator ? { url: coreSimulator.url, token: 'demonstration' } : null);
  const core = openCore({ database, keys, connector: coreAt ? createCoreConnector(coreAt) : noCore });
  const messengerSimulator =
    config.demo && !config.messenger ? await startMessengerSimulator({ token: 'demonstration' }) : null;
  const messengerAt =
    config.messenger ?? (messengerSimulator ? { url: messengerSimulator.url, token: 'demonstration' } : null);
  const captionSimulator =
    config.demo && !config.captions ? await startCaptionSimulator({ token: 'demonstration' }) : null;
  const captionsAt =
    config.captions ?? (captionSimulator ? { url: captionSimulator.url, token: 'demonstration' } : null);
  const hearing = openHearing({
    clock,
    engine: captionsAt && createCaptionService({ ...captionsAt, simulated: captionSimulator !== null }),
  });
  const handouts = openHandouts({ database, keys });
  const identities = openIdentities({ database, keys });
  const handovers = openHandovers({ database, keys });
  const callbacks = openCallBacks({ database, keys });
  const appointments = openAppointments({ database, keys });

  const services = await createServices({
    own: config.servicesDir ? pathToFileURL(`${config.servicesDir}/`) : null,
    core: coreAt !== null,
    tellsOfSupervision: config.supervision.tellCustomer !== 'no',
  });
  const sessions = openSessions({ database, keys, clock });
  const staff = openStaff({ database });
  const kiosks = openKiosks({ database });
  const cases = openCases({ database, keys, services });
  const quality = openQuality({ database });
  const queue = openQueue({ database, clock });
  const calls = openCalls({ database, keys });
  const help = openHelp({ database, keys });
  const journeys = openJourneys({ database });
  const annotations = openAnnotations({ database, keys, clock });
  const chat = await openChat({
    database,
    keys,
    own: config.phrasesFile ? pathToFileURL(config.phrasesFile) : null,
  });
  const sharing = openSharing({ clock });
  const explaining = await openExplaining({
    clock,
    own: config.sheetsDir ? pathToFileURL(`${config.sheetsDir}/`) : null,
  });
  const documents = await openDocuments({ database, keys, store: stores.of('documents'), keyFolder });
  const signing = await openSigning({
    database,
    keys,
    store: stores.of('papers'),
    keyFolder,
    seal: config.seal,
    timeStampUrl: config.timeStampUrl,
  });
  const reading = openReading({ database, keys });
  const recalls = openRecalls({ database });
  const reviews = openReviews({ database, keys });
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
    tell,
  });
  const nodes = openNodes({
    database,
    name: config.cluster?.name ?? 'alone',
    address: config.cluster?.address ?? null,
    exclusive: config.databaseUrl === null,
    workers: () => media.workerPids().length,
  });
  return {
    annotations,
    appointments,
    audit,
    background: {
      allowed: config.background.allowed,
      picture: config.background.picture === null ? null : BACKGROUND_PATH,
    },
    callbacks,
    calls,
    captionSimulator,
    cases,
    chat,
    cleanSound: config.cleanSound,
    clock,
    core,
    coreSimulator,
    demo: config.demo,
    documents,
    explaining,
    handouts,
    handovers,
    hearing,
    help,
    identities,
    journeys,
    kiosks,
    media,
    messenger: messengerAt ? createMessenger(messengerAt) : null,
    messengerSimulator,
    nodes,
    quality,
    queue,
    reading,
    selfTests: openSelfTests({ database }),
    recalls,
    reviews,
    services,
    sessions,
    sharing,
    signing,
    staff,
    supervision: config.supervision,
    typing: config.typing,
  };
}
