import type { RecallEnd } from '@openvtm/protocol';

export type RingState = 'ringing' | 'came' | RecallEnd;

export type RingEvent =
  | { is: 'answer'; comes: boolean }
  /** Somebody began something else at the kiosk. */
  | { is: 'taken' }
  | { is: 'stop' }
  | { is: 'tick' };

/** The life of one ring at a kiosk. Pure. What has ended stays so; an answer at the deadline is too late. */
export function nextRing(
  { state, deadline }: { state: RingState; deadline: number },
  event: RingEvent,
  now: number,
): RingState {
  if (state !== 'ringing') return state;
  if (now >= deadline) return 'no-answer';
  switch (event.is) {
    case 'answer':
      return event.comes ? 'came' : 'declined';
    case 'taken':
      return 'taken';
    case 'stop':
      return 'stopped';
    case 'tick':
      return state;
    default:
      return event satisfies never;
  }
}
