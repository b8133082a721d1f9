import { z } from 'zod';
import { AppointmentView, BranchAppointment } from './appointments.ts';
import { CallView } from './calls.ts';
import { DeskCase, KioskCase } from './cases.ts';
import { notice, request } from './define.ts';
import { DocumentView } from './documents.ts';
import { FollowedCase } from './handovers.ts';
import { HelpView } from './help.ts';
import { Instant } from './ids.ts';
import { KioskView, ReadTyping } from './kiosks.ts';
import { AgentState, Board, TicketView } from './queue.ts';
import { Role } from './roles.ts';
import { ServiceCard } from './services.ts';
import { SharingView } from './sharing.ts';
import { StaffView } from './staff.ts';

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
  services: z.array(ServiceCard),
  case: KioskCase.nullable(),
  ticket: TicketView.nullable(),
  call: CallView.nullable(),
  documents: z.array(DocumentView),
  help: HelpView.nullable(),
  /** A case that went on elsewhere. */
  followed: FollowedCase.nullable(),
  /** The appointment that this phone holds, that this kiosk has just booked, or with which its customer came. */
  appointment: AppointmentView.nullable(),
  sharing: SharingView.nullable(),
});
export type KioskSnapshot = z.infer<typeof KioskSnapshot>;

/** All that a member of staff's screen shows live. `case` and `documents` are those of the running call or its wrap-up. */
export const StaffSnapshot = z.object({
  now: Instant,
  demo: z.boolean(),
  staff: StaffView,
  agent: AgentState.nullable(),
  call: CallView.nullable(),
  case: DeskCase.nullable(),
  documents: z.array(DocumentView),
  board: Board.nullable(),
  help: z.array(HelpView),
  /** Today's, of the person's branch; empty for who is no branch staff. */
  appointments: z.array(BranchAppointment),
  sharing: SharingView.nullable(),
});
export type StaffSnapshot = z.infer<typeof StaffSnapshot>;

/** The parts that change while a screen is open, each sent whole by its own notice. */
export type KioskPart = Exclude<keyof KioskSnapshot, 'now' | 'demo' | 'kiosk' | 'typing' | 'services'>;
export type StaffPart = Exclude<keyof StaffSnapshot, 'now' | 'demo' | 'staff'>;

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
