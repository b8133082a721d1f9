import type { Clock } from '../kernel/clock.ts';
import type { Audit } from '../modules/audit/index.ts';
import type { Calls } from '../modules/calls/index.ts';
import type { Cases } from '../modules/cases/index.ts';
import type { Documents } from '../modules/documents/index.ts';
import type { Help } from '../modules/help/index.ts';
import type { Kiosks } from '../modules/kiosks/index.ts';
import type { Media } from '../modules/media/index.ts';
import type { Queue } from '../modules/queue/index.ts';
import type { Services } from '../modules/services/index.ts';
import type { Sessions } from '../modules/sessions/index.ts';
import type { Staff } from '../modules/staff/index.ts';

/** The modules that stories are told with; each flow takes those it names. */
export type Parts = {
  clock: Clock;
  demo: boolean;
  audit: Audit;
  calls: Calls;
  cases: Cases;
  documents: Documents;
  help: Help;
  kiosks: Kiosks;
  media: Media;
  queue: Queue;
  services: Services;
  sessions: Sessions;
  staff: Staff;
};

export const kioskPeer = (kioskId: string) => `kiosk:${kioskId}`;
export const staffPeer = (staffId: string) => `staff:${staffId}`;
