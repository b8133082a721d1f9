import { z } from 'zod';
import { ParticipantId, ParticipantRole } from './calls.ts';
import { notice, request } from './define.ts';
import { CallId, Instant } from './ids.ts';
import { Language } from './roles.ts';

/** The latest captions that a screen is told of; nobody reads more of them at once. */
export const SHOWN_CAPTIONS = 4;
/** Characters of one caption: two lines of large print. */
export const MAX_CAPTION_TEXT = 120;
/** ms for which it is shown to the agent that the customer asked to speak up, and within which asking again says nothing new. */
export const SPEAK_UP_MS = 20_000;

/** One stretch of somebody's speech, as a machine heard it. The same `captionId` again: it has heard more of it. */
export const Caption = z.object({
  captionId: z.string().min(1).max(60),
  speaker: ParticipantId,
  role: ParticipantRole,
  /** Who of the staff speaks; null: the customer. */
  name: z.string().nullable(),
  language: Language,
  text: z.string(),
  /** false: the speaker goes on, and the words may still change. */
  final: z.boolean(),
  at: Instant,
});
export type Caption = z.infer<typeof Caption>;

/**
 * How captions stand for one side of a call. `off`: this side did not ask for them, and no sound of the other is read for
 * it; `lost`: the service that reads it does not answer, and is tried again.
 */
export const CaptionsView = z.object({
  state: z.enum(['off', 'on', 'lost']),
  /** Whether what this side says is read for captions of the other's. */
  read: z.boolean(),
  /** Invented words, in the place of a speech service: said on the screen. */
  simulated: z.boolean(),
  /** What others said, the newest last. */
  lines: z.array(Caption),
});
export type CaptionsView = z.infer<typeof CaptionsView>;

/** What helps a customer who hears badly, as one of a call's participants sees it. */
export const HearingView = z.object({
  callId: CallId,
  /** null: there is no speech service here. */
  captions: CaptionsView.nullable(),
  /** When the customer asked the staff to speak up; null: not lately. */
  speakUpAt: Instant.nullable(),
});
export type HearingView = z.infer<typeof HearingView>;

/** What administrators tell the simulated speech service; `down`: it hangs up and answers nobody. */
export const CaptionSimulatorState = z.strictObject({ behaviour: z.enum(['usual', 'down']) });
export type CaptionSimulatorState = z.infer<typeof CaptionSimulatorState>;

const ofCall = z.object({ callId: CallId });
const everybody = ['kiosk', 'agent', 'branch-staff', 'supervisor'] as const;

export const hearingRequests = {
  /**
   * Captions for this side of the running call, the customer's or the staff's, from now on or no more. Only what the
   * other side says to everybody is read for it. `wrong-state` when the call is over, or for who only listens or whispers;
   * `not-found` in no such call, or where there is no speech service.
   */
  'hearing:captions': request({
    from: everybody,
    stage: 'ready',
    changes: true,
    in: ofCall.extend({ on: z.boolean() }),
    out: z.object({}),
  }),
  /** The customer hears badly: shown to the staff in the call for a while. `not-found`, `wrong-state` as above. */
  'hearing:speak-up': request({ from: ['kiosk'], stage: 'ready', changes: true, in: ofCall, out: z.object({}) }),
};

export const hearingNotices = {
  /** null: there is no call. */
  'hearing:changed': notice({ to: everybody, data: z.object({ hearing: HearingView.nullable() }) }),
};
