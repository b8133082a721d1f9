import type { ReadTyping } from '@openvtm/protocol';
import type { Clock } from '../kernel/clock.ts';
import type { Appointments } from '../modules/appointments/index.ts';
import type { Audit } from '../modules/audit/index.ts';
import type { CallBacks } from '../modules/callbacks/index.ts';
import type { Calls } from '../modules/calls/index.ts';
import type { Cases } from '../modules/cases/index.ts';
import type { Core, CoreSimulator } from '../modules/core/index.ts';
import type { Documents } from '../modules/documents/index.ts';
import type { Handovers } from '../modules/handovers/index.ts';
import type { Help } from '../modules/help/index.ts';
import type { Identities } from '../modules/identities/index.ts';
import type { Journeys } from '../modules/journeys/index.ts';
import type { Kiosks } from '../modules/kiosks/index.ts';
import type { Media } from '../modules/media/index.ts';
import type { Queue } from '../modules/queue/index.ts';
import type { Services } from '../modules/services/index.ts';
import type { Sessions } from '../modules/sessions/index.ts';
import type { Sharing } from '../modules/sharing/index.ts';
import type { Staff } from '../modules/staff/index.ts';

/** The modules that stories are told with; each flow takes those it names. */
export type Parts = {
  clock: Clock;
  demo: boolean;
  appointments: Appointments;
  audit: Audit;
  callbacks: CallBacks;
  calls: Calls;
  cases: Cases;
  core: Core;
  /** Set while a simulator is in the place of the bank's core: said wherever its answers are shown. */
  coreSimulator: CoreSimulator | null;
  documents: Documents;
  handovers: Handovers;
  help: Help;
  identities: Identities;
  journeys: Journeys;
  kiosks: Kiosks;
  media: Media;
  queue: Queue;
  services: Services;
  sessions: Sessions;
  sharing: Sharing;
  staff: Staff;
  /** Whether what a card reader reads may be typed too. */
  typing: ReadTyping;
};

export const kioskPeer = (kioskId: string) => `kiosk:${kioskId}`;
export const staffPeer = (staffId: string) => `staff:${staffId}`;
