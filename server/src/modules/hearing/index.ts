import type { CallId, HearingView, ParticipantId } from '@openvtm/protocol';
import type { Clock } from '../../kernel/clock.ts';
import type { CaptionEngine, Sound } from './engine.ts';
import { createHearing } from './hearing.ts';
import type { CallHearing, HearingSide } from './hearing-state.ts';

export type { HearingSide, Speaker } from './hearing-state.ts';
export { createCaptionService } from './service.ts';
export { startCaptionSimulator, type CaptionSimulator } from './simulator/index.ts';

/** Never with the words. `participantId`: who of the staff did it, where that is not who leads the call. */
export type HearingFact = {
  kind: 'hearing.captions' | 'hearing.speak-up';
  about: { callId: string; caseId: string; kioskId: string; staffId: string; participantId?: string };
  data?: Record<string, string | number | boolean | null>;
};

/** What changed of a call; in another process it is heard as it was said here. */
export type HearingSaid = { callId: string; change: Partial<CallHearing> };

/** What helps a customer who hears badly: captions of what is said, and a word to the agent to speak up. In memory alone. */
export type Hearing = {
  /** null: there is no speech service here. */
  readonly service: { simulated: boolean } | null;
  /** What is known of a call; null: nothing. */
  of(callId: string): CallHearing | null;
  /** Something of a call is otherwise than it was. */
  change(said: HearingSaid): void;
  view(callId: CallId, to: ParticipantId): HearingView;
  /** Whose voices are to be read in a call. */
  sides(callId: string): HearingSide[];
  /** A voice of the call, from the process that has its room: what the service makes of it is told by `onHeard`. */
  voice(callId: string, speaker: ParticipantId, sound: Sound): void;
  /** Closes the service's ears for a call, or for one of its speakers; what was said so far stays. */
  deafen(callId: string, speaker?: ParticipantId): void;
  ended(callId: string): void;
  /** A call has something new to show. */
  onChange(handler: (callId: string) => void): void;
  /** What the service told here, which other processes do not know. */
  onHeard(handler: (said: HearingSaid) => void): void;
  close(): void;
};

/** `engine` null: no captions. */
export const openHearing = (needs: { clock: Clock; engine: CaptionEngine | null }): Hearing => createHearing(needs);
