import { z } from 'zod';
import { AnnotationsView, Drawing } from './annotations.ts';
import { AppointmentView, BranchAppointment } from './appointments.ts';
import { CallView, InvitationView } from './calls.ts';
import { DeskCase, KioskCase } from './cases.ts';
import { ChatView } from './chat.ts';
import { notice, request } from './define.ts';
import { DocumentView } from './documents.ts';
import { ExplainingView } from './explaining.ts';
import { HandoutOffer } from './handouts.ts';
import { FollowedCase } from './handovers.ts';
import { HearingView } from './hearing.ts';
import { HelpView } from './help.ts';
import { Instant } from './ids.ts';
import { KioskView, ReadTyping } from './kiosks.ts';
import { LinkAlert } from './quality.ts';
import { AgentState, Board, TicketView } from './queue.ts';
import { ReadingView } from './reading.ts';
import { DroppedCall, KioskRecall } from './recalls.ts';
import { StaffReviews } from './reviews.ts';
import { Role } from './roles.ts';
import { KioskHealth } from './self-tests.ts';
import { ServiceCard } from './services.ts';
import { SharingView } from './sharing.ts';
import { PaperView } from './signing.ts';
import { DeskBackground, StaffView } from './staff.ts';

/** What a client says in `auth` when it opens its line. */
export const Handshake = z.object({ protocol: z.number().int(), token: z.string().min(1).max(4096) });
/** Why a line is not opened, or was closed for good. `replaced`: the same kiosk or person opened another one. */
export const Refusal = z.enum(['too-old', 'too-new', 'not-allowed', 'replaced', 'too-many']);
export type Refusal = z.infer<typeof Refusal>;

/** All that a kiosk shows, whole. Each part is replaced whole by its notice. */
export const KioskSnapshot = z.object({
  now: Instant,
  demo: z.boolean(),
  kiosk: KioskView,
  typing: ReadTyping,
  /** The noise of the branch is taken out of its microphone's sound. */
  cleanSound: z.boolean(),
  services: z.array(ServiceCard),
  case: KioskCase.nullable(),
  ticket: TicketView.nullable(),
  call: CallView.nullable(),
  /** null: no call. */
  chat: ChatView.nullable(),
  documents: z.array(DocumentView),
  /** Of the kiosk's case: to be signed, and signed. */
  papers: z.array(PaperView),
  /** What the customer may take along; null: nothing yet. */
  handout: HandoutOffer.nullable(),
  annotations: AnnotationsView,
  drawing: Drawing.nullable(),
  help: HelpView.nullable(),
  /** null: no call. */
  hearing: HearingView.nullable(),
  /** A case that went on elsewhere. */
  followed: FollowedCase.nullable(),
  /** The appointment that this phone holds, that this kiosk has just booked, or with which its customer came. */
  appointment: AppointmentView.nullable(),
  sharing: SharingView.nullable(),
  explaining: ExplainingView.nullable(),
  /** Since when branch staff want it to test itself; null: they do not. */
  selfTest: Instant.nullable(),
  /** An agent asks for the customer of a call that this kiosk dropped out of. */
  recall: KioskRecall.nullable(),
});
export type KioskSnapshot = z.infer<typeof KioskSnapshot>;

/**
 * All that a member of staff's screen shows live. `call` is the one that they lead; `case`, `documents` and `papers` are
 * those of that call or its wrap-up, or else of the latest that they attend.
 */
export const StaffSnapshot = z.object({
  now: Instant,
  demo: z.boolean(),
  staff: StaffView,
  background: DeskBackground,
  agent: AgentState.nullable(),
  call: CallView.nullable(),
  attending: z.array(CallView),
  /** Of the case on the desk. */
  chat: ChatView.nullable(),
  invitations: z.array(InvitationView),
  case: DeskCase.nullable(),
  documents: z.array(DocumentView),
  /** Of the case on the desk; for branch staff also those of the branch that wait for a countersignature. */
  papers: z.array(PaperView),
  /** What was read on the pages of those documents, to whoever leads the call alone. */
  readings: z.array(ReadingView),
  /** For who may review: how much there is to do, and what is known of the case on the desk. */
  reviews: StaffReviews,
  annotations: AnnotationsView,
  /** What the customer of the call that one leads is drawing just now. */
  drawing: Drawing.nullable(),
  board: Board.nullable(),
  help: z.array(HelpView),
  /** Of the running call that one leads or has joined. */
  hearing: HearingView.nullable(),
  /** Today's, of the person's branch; empty for who is no branch staff. */
  appointments: z.array(BranchAppointment),
  sharing: SharingView.nullable(),
  explaining: ExplainingView.nullable(),
  /** Of the person's branch; empty for who is no branch staff. */
  kiosks: z.array(KioskHealth),
  /** Calls whose kiosk dropped out, as long as they can go on. */
  dropped: z.array(DroppedCall),
  /** Branches whose link is worse than usual: all for a supervisor, the own one for branch staff. */
  alerts: z.array(LinkAlert),
});
export type StaffSnapshot = z.infer<typeof StaffSnapshot>;

/** The parts that change while a screen is open, each sent whole by its own notice. */
export type KioskPart = Exclude<keyof KioskSnapshot, 'now' | 'demo' | 'kiosk' | 'typing' | 'cleanSound' | 'services'>;
export type StaffPart = Exclude<keyof StaffSnapshot, 'now' | 'demo' | 'staff' | 'background'>;

export const lineRequests = {
  /** Asks for the snapshot again, after a gap in the notices' numbers. It comes as the `line:snapshot` notice. */
  'line:resync': request({ from: Role.options, stage: 'open', changes: false, in: z.object({}), out: z.object({}) }),
};

export const lineNotices = {
  /** The first notice of every line, and the answer to a gap; the next notices carry the next numbers. */
  'line:kiosk-snapshot': notice({ to: ['kiosk'], data: KioskSnapshot }),
  'line:staff-snapshot': notice({
    to: ['agent', 'branch-staff', 'supervisor', 'approver', 'inspector', 'administrator'],
    data: StaffSnapshot,
  }),
  /** Said before the server closes the line for good. */
  'line:closing': notice({ to: Role.options, data: z.object({ reason: Refusal }) }),
};
