import type { DeskBackground, ReadTyping } from '@openvtm/protocol';
import type { Clock } from '../kernel/clock.ts';
import type { Annotations } from '../modules/annotations/index.ts';
import type { Appointments } from '../modules/appointments/index.ts';
import type { Audit } from '../modules/audit/index.ts';
import type { CallBacks } from '../modules/callbacks/index.ts';
import type { Calls } from '../modules/calls/index.ts';
import type { Cases } from '../modules/cases/index.ts';
import type { Chat } from '../modules/chat/index.ts';
import type { Core, CoreSimulator } from '../modules/core/index.ts';
import type { Documents } from '../modules/documents/index.ts';
import type { Explaining } from '../modules/explaining/index.ts';
import type { Handouts, Messenger, MessengerSimulator } from '../modules/handouts/index.ts';
import type { Handovers } from '../modules/handovers/index.ts';
import type { CaptionSimulator, Hearing } from '../modules/hearing/index.ts';
import type { Help } from '../modules/help/index.ts';
import type { Identities } from '../modules/identities/index.ts';
import type { Journeys } from '../modules/journeys/index.ts';
import type { Kiosks } from '../modules/kiosks/index.ts';
import type { Media } from '../modules/media/index.ts';
import type { Nodes } from '../modules/nodes/index.ts';
import type { Quality } from '../modules/quality/index.ts';
import type { Queue } from '../modules/queue/index.ts';
import type { PageReading } from '../modules/reading/index.ts';
import type { SelfTests } from '../modules/self-tests/index.ts';
import type { Recalls } from '../modules/recalls/index.ts';
import type { Reviews } from '../modules/reviews/index.ts';
import type { Services } from '../modules/services/index.ts';
import type { Sessions } from '../modules/sessions/index.ts';
import type { Signing } from '../modules/signing/index.ts';
import type { Sharing } from '../modules/sharing/index.ts';
import type { Staff } from '../modules/staff/index.ts';

/** Who is told that a supervisor listens: agents in the call (of a whisper always); customers where they consent, in the call too, or not. */
export type SupervisionPolicy = { tellAgent: boolean; tellCustomer: 'consent' | 'call' | 'no' };

/** The modules that stories are told with; each flow takes those it names. */
export type Parts = {
  clock: Clock;
  demo: boolean;
  /** What agents may stand before. */
  background: DeskBackground;
  annotations: Annotations;
  appointments: Appointments;
  audit: Audit;
  callbacks: CallBacks;
  calls: Calls;
  cases: Cases;
  chat: Chat;
  core: Core;
  /** Set while a simulator is in the place of the bank's core: said wherever its answers are shown. */
  coreSimulator: CoreSimulator | null;
  documents: Documents;
  explaining: Explaining;
  handouts: Handouts;
  handovers: Handovers;
  hearing: Hearing;
  /** Set while a simulator is in the place of the speech service: said wherever its captions are shown. */
  captionSimulator: CaptionSimulator | null;
  help: Help;
  identities: Identities;
  journeys: Journeys;
  kiosks: Kiosks;
  /** null: no message service is configured. */
  messenger: Messenger | null;
  /** Set while a simulator is in the place of the message service: what it received is shown as such. */
  messengerSimulator: MessengerSimulator | null;
  media: Media;
  nodes: Nodes;
  quality: Quality;
  queue: Queue;
  reading: PageReading;
  selfTests: SelfTests;
  recalls: Recalls;
  reviews: Reviews;
  services: Services;
  sessions: Sessions;
  sharing: Sharing;
  signing: Signing;
  staff: Staff;
  supervision: SupervisionPolicy;
  /** Whether the noise of the branch is taken out of kiosks’ sound. */
  cleanSound: boolean;
  /** Whether what a card reader reads may be typed too. */
  typing: ReadTyping;
};

export const kioskPeer = (kioskId: string) => `kiosk:${kioskId}`;
export const staffPeer = (staffId: string) => `staff:${staffId}`;
