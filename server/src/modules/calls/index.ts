import type { CallId, CaseId, EndReason, InvitationId, Outcome, ParticipantMode } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Keys } from '../../kernel/crypto.ts';
import type { Work } from '../../kernel/work.ts';
import { createCalls } from './calls.ts';
import { createInvitations } from './invitations.ts';
import { createPeople } from './people.ts';

/** `about.staffId` leads the call; `participantId` is whom else of the staff it concerns, `invitedId` who was asked. */
export type CallFact = {
  kind:
    | 'call.started'
    | 'call.held'
    | 'call.resumed'
    | 'call.invited'
    | 'call.invitation-ended'
    | 'call.participant-joined'
    | 'call.participant-changed'
    | 'call.participant-renewed'
    | 'call.participant-left'
    | 'call.participant-lost'
    | 'call.participant-back'
    | 'call.lead-passed'
    | 'call.ended'
    | 'call.wrapped-up';
  about: {
    callId: string;
    caseId: string;
    kioskId: string;
    staffId: string;
    participantId?: string;
    invitationId?: string;
    invitedId?: string;
  };
  data?: Record<string, string | number | boolean | null>;
};

export type CallBrief = {
  callId: CallId;
  caseId: CaseId;
  kioskId: string;
  /** The agent who leads it. */
  staffId: string;
  startedAt: number;
  customerLostAt: number | null;
  agentLostAt: number | null;
  /** Since when the customer is on hold. */
  heldAt: number | null;
};
/** The customer's kiosk, or the agent who leads. */
export type Participant = { kioskId: string } | { staffId: string };

/** A conversation, from the accepted offer to the outcome. */
export type CallLife = {
  start(work: Work, call: { callId: string; caseId: string; kioskId: string; staffId: string }): Promise<void>;
  /** Ends it and tells whether the customer was served, and who was there beside the agent; null when it had ended before. */
  end(
    work: Work,
    callId: string,
    reason: EndReason,
  ): Promise<(CallBrief & { served: boolean; others: string[] }) | null>;
  /** By the agent who leads it; what is so already is no error. `not-found`, `wrong-state` when it is over. */
  hold(work: Work, callId: string, by: string): Promise<void>;
  resume(work: Work, callId: string, by: string): Promise<void>;
  /**
   * Another one leads from now on, and the customer is no longer on hold. `passed`: to somebody who has joined and whose
   * line is up, `wrong-state` otherwise; `taken-over`: to whoever takes it. Who led it is not in the call any more.
   * `from`: who leads it as far as the caller knows, `wrong-state` when somebody else does by now.
   */
  passLead(
    work: Work,
    callId: string,
    wish: { from: string; to: string; how: 'passed' | 'taken-over' },
  ): Promise<CallBrief>;
  /** The call with this id in which `who` takes part, active or ended; `not-found` otherwise. */
  of(work: Work, who: Participant, callId: string): Promise<CallBrief>;
  /** The same, and nobody else changes it before the work ends. */
  lockedOf(work: Work, who: Participant, callId: string): Promise<CallBrief>;
  activeOf(who: Participant): Promise<CallBrief | null>;
  /** Inside a change: the participant's active call. */
  activeIn(work: Work, who: Participant): Promise<CallBrief | null>;
  byId(callId: string): Promise<CallBrief | null>;
  active(): Promise<CallBrief[]>;
  /** How many calls began in this time and are over, and how long they took in all (ms). */
  lasted(range: { from: number; until: number }): Promise<{ calls: number; ms: number }>;
  /** The case's last call that is over; `brokeOff`: a line was lost, nobody ended it. */
  lastOf(work: Work, caseId: string): Promise<{ staffId: string; endedAt: number; brokeOff: boolean } | null>;
  /** Also those who attend calls. */
  participantLost(work: Work, who: Participant): Promise<void>;
  participantBack(work: Work, who: Participant): Promise<void>;
  /** After a start of the process: nobody's line is up yet. */
  everybodyLost(work: Work): Promise<void>;
  /** Calls that have waited long enough for somebody, with the reason to end them for. */
  overdue(now: number): Promise<{ callId: string; reason: EndReason }[]>;
  /** What came of the last call about each of these cases; a case without one is not in it. */
  outcomesOf(caseIds: string[]): Promise<Map<string, Outcome>>;
  /** What whoever passed a customer on says to the next one; kept with the call that ended. */
  keepPassedNote(work: Work, callId: string, note: string): Promise<void>;
  /** Who passed the case's customer on in its last call, and what they said; null: nobody did. */
  passedOnBy(caseId: string): Promise<{ staffId: string; note: string } | null>;
  keepOutcome(work: Work, callId: string, result: { outcome: Outcome | null; note: string }): Promise<void>;
};

/** Somebody of the staff who is in a call and does not lead it. */
export type Attendant = {
  callId: string;
  staffId: string;
  role: 'expert' | 'branch-staff' | 'supervisor';
  mode: ParticipantMode;
  since: number;
  /** When they are out of it by the clock; null: they were asked in, and stay as long as the call. */
  until: number | null;
  lostAt: number | null;
};

/** Why somebody attended unasked, changed how, or stayed longer. */
export type AttendReason = {
  reasonId: string;
  callId: string;
  staffId: string;
  mode: ParticipantMode;
  at: number;
  why: string;
};

/** `until` null: still there. */
export type Place = { role: 'customer' | 'agent' | Attendant['role']; since: number; until: number | null };

/** Those beside the agent. */
export type People = {
  /**
   * Comes, changes how one is there, or stays longer: each a fact of its own. With a `reason` (null: they were asked in) it
   * is for `SUPERVISION_MS`. `wrong-state`: the call is over, or they are in a call of their own or in too many.
   */
  attend(
    work: Work,
    callId: string,
    wish: Pick<Attendant, 'staffId' | 'role' | 'mode'> & { reason: string | null },
  ): Promise<void>;
  /** `not-found` when not there. */
  leave(work: Work, callId: string, wish: { staffId: string; reason: string }): Promise<void>;
  attendants(callIds: string[]): Promise<Attendant[]>;
  /** All that were given in these calls, running or over, the first first. */
  reasonsOf(callIds: string[]): Promise<AttendReason[]>;
  /** As whom somebody is or was in a call, running or over, and for how long; null: they never were. One statement. */
  placeIn(callId: string, who: Participant): Promise<Place | null>;
  attendantIn(work: Work, callId: string, staffId: string): Promise<Attendant | null>;
  /** Inside a change: the call that somebody attends, the latest of several; null: none. */
  attendedIn(work: Work, staffId: string): Promise<string | null>;
  /** The running calls that somebody attends, the latest first. */
  attendedBy(staffId: string): Promise<CallBrief[]>;
  /** Those whose time is up, or whose line was down for too long. */
  overdueAttendants(now: number): Promise<(Attendant & { reason: string })[]>;
};

export type InvitationBrief = {
  invitationId: InvitationId;
  callId: string;
  from: string;
  /** null: any supervisor. */
  to: string | null;
  note: string;
  madeAt: number;
  deadline: number;
  state: 'open' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
};

/** Asking somebody into a call. */
export type Invitations = {
  /** Whether somebody leads the running call, or has joined it for the branch: they may ask others into it. */
  mayInvite(callId: string, staffId: string): Promise<boolean>;
  /** By who may; `not-found` for others. An open one of the same kind is answered with itself. */
  invite(work: Work, callId: string, wish: { from: string; to: string | null; note: string }): Promise<string>;
  /** By who leads the call, or who asked. */
  withdrawInvitation(work: Work, invitationId: string, by: string): Promise<void>;
  /** `expired` when it is not open any more, `not-found` when somebody else was asked. Who declines for one of many supervisors ends nothing. */
  answerInvitation(
    work: Work,
    invitationId: string,
    answer: { staffId: string; supervisor: boolean; comes: boolean },
  ): Promise<{ callId: string; kind: 'help' | 'expert' }>;
  /** A supervisor came without answering: whoever asked for one asks no more. */
  helpCame(work: Work, callId: string, staffId: string): Promise<void>;
  /** Those whose deadline has passed. */
  expireInvitations(work: Work): Promise<void>;
  /** The open ones that somebody may answer, the longest waiting first. */
  invitationsFor(who: { staffId: string; supervisor: boolean }): Promise<InvitationBrief[]>;
  /** The open ones of these calls, and those that came to nothing in the last minute. */
  invitationsOf(callIds: string[], now: number): Promise<InvitationBrief[]>;
};

export type Calls = CallLife & People & Invitations;

export const callsSchema = { schema: 'calls', dir: new URL('./migrations/', import.meta.url) };
export const openCalls = (needs: { database: Database; keys: Keys }): Calls => ({
  ...createCalls(needs),
  ...createPeople(needs),
  ...createInvitations(needs),
});
