import { z } from 'zod';
import { notice, request } from './define.ts';
import { CallId, CaseId, Instant, InvitationId, OfferId, StaffId } from './ids.ts';
import { RuleName } from './queue-rules.ts';
import { Language } from './roles.ts';
import { ServiceIconName } from './services.ts';
import { Text } from './texts.ts';

/** `transferred`: the agent passed the customer on; the case waits again. */
export const EndReason = z.enum([
  'customer-left',
  'agent-ended',
  'customer-lost',
  'agent-lost',
  'kiosk-reset',
  'transferred',
]);
export type EndReason = z.infer<typeof EndReason>;

/** Who somebody is in a call: its customer, or a member of staff. */
export const ParticipantId = z.literal('customer').or(StaffId);
export type ParticipantId = z.infer<typeof ParticipantId>;
/** Exactly one is the `agent`: who has the lead, and works on the case. */
export const ParticipantRole = z.enum(['customer', 'agent', 'expert', 'branch-staff', 'supervisor']);
export type ParticipantRole = z.infer<typeof ParticipantRole>;
/**
 * `joined`: everybody sees and hears them; `whispering`: the agent alone hears them; `listening`: nobody does. All of
 * them see and hear the others.
 */
export const ParticipantMode = z.enum(['joined', 'listening', 'whispering']);
export type ParticipantMode = z.infer<typeof ParticipantMode>;

/** ms in which a colleague, or a supervisor, answers an invitation into a call. */
export const INVITATION_MS = 45_000;
/** ms after which somebody who came unasked is out of the call by itself, unless they say anew why they attend it. */
export const SUPERVISION_MS = 30 * 60_000;
/** Calls that one supervisor may listen to at once. */
export const MOST_ATTENDED = 4;

const Invitation = z.object({
  invitationId: InvitationId,
  /** Who asked: the agent, or branch staff who have joined. */
  by: z.string(),
  /** The colleague's name; null: any supervisor. */
  to: z.string().nullable(),
  madeAt: Instant,
  deadline: Instant,
  state: z.enum(['open', 'declined', 'expired']),
});

/** What an agent said who passed the customer on, for whoever serves next. */
export const PassedOn = z.object({ by: z.string(), note: z.string() });
export type PassedOn = z.infer<typeof PassedOn>;

/** Who of the branch's staff had an agent called for the customer, and what they said to that agent. */
export const Escalation = z.object({ by: z.string(), note: z.string() });
export type Escalation = z.infer<typeof Escalation>;

/**
 * A call as its participants see it. `here` is whether a participant's line is up. A kiosk is told of those who joined,
 * and of no invitation; staff of everybody, but of those who listen only where the bank says that agents are told.
 */
export const CallView = z.object({
  callId: CallId,
  caseId: CaseId,
  startedAt: Instant,
  /** The customer is on hold: nobody sees or hears the customer, who sees and hears nobody. */
  held: z.object({ since: Instant }).nullable(),
  participants: z.array(
    z.object({
      id: ParticipantId,
      role: ParticipantRole,
      mode: ParticipantMode,
      name: z.string(),
      here: z.boolean(),
      lostSince: Instant.nullable(),
    }),
  ),
  /** Those still open, and those of the last minute that came to nothing. */
  invitations: z.array(Invitation),
  /** The call before was passed on to here; null for a kiosk. */
  passedOn: PassedOn.nullable(),
  /** For a kiosk: a supervisor listens or whispers, and the bank says that customers are told so in the call. */
  supervised: z.boolean(),
  /** When whoever this is told is out of the call, unless they say anew why they attend it; null: as long as it runs. */
  until: Instant.nullable(),
  /** Branch staff had an agent called for this case; null for a kiosk. */
  escalated: Escalation.nullable(),
});
export type CallView = z.infer<typeof CallView>;

/** An invitation into a call, as whom it asks sees it. */
export const InvitationView = z.object({
  invitationId: InvitationId,
  callId: CallId,
  /** The agent who asks, or the branch staff who have joined. */
  from: z.string(),
  /** `help`: any supervisor is asked; `expert`: this colleague. */
  kind: z.enum(['help', 'expert']),
  note: z.string(),
  madeAt: Instant,
  deadline: Instant,
  startedAt: Instant,
  service: z.object({ title: Text, icon: ServiceIconName }),
  kiosk: z.object({ name: z.string(), branch: Text }),
});
export type InvitationView = z.infer<typeof InvitationView>;

/** A colleague who could be asked into a call now. */
export const Colleague = z.object({
  staffId: StaffId,
  name: z.string(),
  skills: z.record(z.string(), z.number().int()),
  languages: z.array(Language),
});
export type Colleague = z.infer<typeof Colleague>;

/** Where a customer is passed on to. `anybody`: whoever can serve the case. */
export const TransferTo = z.discriminatedUnion('is', [
  z.object({ is: z.literal('anybody') }),
  z.object({ is: z.literal('agent'), staffId: StaffId }),
  z.object({ is: z.literal('skill'), skill: RuleName }),
  z.object({ is: z.literal('queue'), queueId: RuleName }),
]);
export type TransferTo = z.infer<typeof TransferTo>;

/** How many on duty could serve the customer, without the agent who asks; `ready` of them are free now. */
const Staffed = z.object({ onDuty: z.number().int(), ready: z.number().int() });
/** Skills and queues of the rules that a customer may be passed on to, each with who is there now. */
export const TransferTargets = z.object({
  anybody: Staffed,
  skills: z.array(Staffed.extend({ id: RuleName, title: Text, licence: z.boolean() })),
  /** `opensAt`: it is closed until then (null: it does not open within a year). Left out: it is open. */
  queues: z.array(
    Staffed.extend({ id: RuleName, title: Text, closed: z.object({ opensAt: Instant.nullable() }).nullable() }),
  ),
});
export type TransferTargets = z.infer<typeof TransferTargets>;

/** Why somebody attended a call unasked, or stayed in it, in their own words. */
export const StayReason = z.object({ at: Instant, who: z.string(), mode: ParticipantMode, why: z.string() });
export type StayReason = z.infer<typeof StayReason>;

/** A call that runs, for those who may attend it. */
export const RunningCall = z.object({
  callId: CallId,
  startedAt: Instant,
  service: z.object({ title: Text, icon: ServiceIconName }),
  kiosk: z.object({ name: z.string(), branch: Text }),
  agent: z.string(),
  heldSince: Instant.nullable(),
  /** Since when the agent waits for a supervisor. */
  helpSince: Instant.nullable(),
  /** Members of staff beside the agent, by name. */
  others: z.array(z.object({ name: z.string(), mode: ParticipantMode })),
  /** All that were said so far, the first first; to a supervisor alone. */
  reasons: z.array(StayReason),
});
export type RunningCall = z.infer<typeof RunningCall>;

const ofCall = z.object({ callId: CallId });
/** Why somebody attends a call that they were not asked into; kept, encrypted, with the call. */
const Reason = z.string().trim().min(3).max(300);

export const callRequests = {
  /** Takes the offer: exactly one winner. `offer-gone` for everybody else. */
  'call:accept': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: z.object({ offerId: OfferId }),
    out: z.object({ callId: CallId }),
  }),
  /** Ends the call for everybody. Already ended: the same answer, nothing happens. */
  'call:end': request({ from: ['kiosk', 'agent'], stage: 'ready', changes: true, in: ofCall, out: z.object({}) }),
  /** Puts the customer on hold; on hold already: nothing happens. */
  'call:hold': request({ from: ['agent'], stage: 'ready', changes: true, in: ofCall, out: z.object({}) }),
  'call:resume': request({ from: ['agent'], stage: 'ready', changes: true, in: ofCall, out: z.object({}) }),
  /** Colleagues who are ready, those who have been free for longest first; 100 at most. */
  'call:colleagues': request({
    from: ['agent', 'branch-staff'],
    stage: 'ready',
    changes: false,
    in: ofCall,
    out: z.object({ colleagues: z.array(Colleague) }),
  }),
  /**
   * The agent, or branch staff who have joined, ask a colleague into the call, or any supervisor for help (`to` null). One
   * open invitation of each kind at a time: a second is answered with the first. `wrong-state` when the colleague is not
   * ready any more, `not-found` for who neither leads the call nor has joined it for the branch.
   */
  'call:invite': request({
    from: ['agent', 'branch-staff'],
    stage: 'ready',
    changes: true,
    in: ofCall.extend({ to: StaffId.nullable(), note: z.string().trim().max(300) }),
    out: z.object({ invitationId: InvitationId }),
  }),
  /** By the agent who leads, or who asked. */
  'call:withdraw-invitation': request({
    from: ['agent', 'branch-staff'],
    stage: 'ready',
    changes: true,
    in: z.object({ invitationId: InvitationId }),
    out: z.object({}),
  }),
  /** Comes into the call, or does not. `expired` when it was answered by another, withdrawn, or is over. */
  'call:answer-invitation': request({
    from: ['agent', 'supervisor'],
    stage: 'ready',
    changes: true,
    in: z.object({ invitationId: InvitationId, comes: z.boolean() }),
    out: z.object({}),
  }),
  /** Leaves a call that one does not lead; who leads it passes the lead first, or ends it. */
  'call:leave': request({
    from: ['agent', 'branch-staff', 'supervisor'],
    stage: 'ready',
    changes: true,
    in: ofCall,
    out: z.object({}),
  }),
  /** Makes a joined agent the one who works on the case, and takes the customer out of hold; who passed it stays as `expert`. */
  'call:pass-lead': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCall.extend({ to: StaffId }),
    out: z.object({}),
  }),
  /** To whom the call's customer can be passed on, and whether anybody is there. */
  'call:transfer-targets': request({
    from: ['agent'],
    stage: 'ready',
    changes: false,
    in: ofCall,
    out: TransferTargets,
  }),
  /**
   * Ends the call and puts the case back into the queue with its priority and the time it has waited, before others, and
   * never to the agent who passes it on: for one colleague first (then for whoever can), for those who have a skill beside
   * those of the service, or in another queue. The agent wraps up. `wrong-state` for oneself, for a colleague who is off duty, and
   * while colleagues are in the call (pass the lead instead); `invalid-value` for one who does not speak the customer's
   * language; `nobody-there` when nobody on duty could serve it there or the queue is closed, unless `evenIfNobody`.
   */
  'call:transfer': request({
    from: ['agent'],
    stage: 'ready',
    changes: true,
    in: ofCall.extend({
      to: TransferTo,
      note: z.string().trim().max(300),
      evenIfNobody: z.boolean().optional(),
    }),
    out: z.object({}),
  }),
  /** All running calls for a supervisor; those at kiosks of the own branch for branch staff. The longest first, 200 at most. */
  'call:running': request({
    from: ['branch-staff', 'supervisor'],
    stage: 'ready',
    changes: false,
    in: z.object({}),
    out: z.object({ calls: z.array(RunningCall) }),
  }),
  /**
   * Attends a running call uninvited, changes how one attends it, or stays longer (the same `mode` again). Branch staff
   * only `joined`, and at kiosks of their branch. It ends by itself after `SUPERVISION_MS`, unless one was invited and
   * stays `joined`. Each time is a line of the journal, with a reason of its own. `not-allowed`, `wrong-state` when
   * attending too many, or in a call of one's own.
   */
  'call:attend': request({
    from: ['branch-staff', 'supervisor'],
    stage: 'ready',
    changes: true,
    in: ofCall.extend({ mode: ParticipantMode, reason: Reason }),
    out: z.object({}),
  }),
  /** A supervisor who is an agent too takes the lead; whose call it was is ready again. */
  'call:take-over': request({
    from: ['supervisor'],
    stage: 'ready',
    changes: true,
    in: ofCall.extend({ reason: Reason }),
    out: z.object({}),
  }),
};

export const callNotices = {
  /** null: no call. The kiosk lifts its curtain when a call appears here, and drops it when it goes or is held. */
  'call:changed': notice({ to: ['kiosk', 'agent'], data: z.object({ call: CallView.nullable() }) }),
  /** The calls that one attends and does not lead, the latest first. */
  'call:attending-changed': notice({
    to: ['agent', 'branch-staff', 'supervisor'],
    data: z.object({ attending: z.array(CallView) }),
  }),
  'call:invitations-changed': notice({
    to: ['agent', 'supervisor'],
    data: z.object({ invitations: z.array(InvitationView) }),
  }),
};
