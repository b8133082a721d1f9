import type { Print } from '@openvtm/protocol';
import type { Screen } from './screen.ts';

const IDLE_MS = 60_000;
const COUNTDOWN_MS = 20_000;

/** How many times the usual time a customer is given, on every clock of the kiosk. */
export const patienceFor = (print: Print): number => (print === 'elder' ? 2 : 1);

/** Milliseconds without a touch until the warning (`quietMs`), and from the warning to the end (`countdownMs`). */
export const idleTimes = (print: Print): { quietMs: number; countdownMs: number } => ({
  quietMs: IDLE_MS * patienceFor(print),
  countdownMs: COUNTDOWN_MS * patienceFor(print),
});

export type Idle = { at: 'active' } | { at: 'warning'; leftMs: number } | { at: 'over' };

// In the queue and in a call people look and listen without touching; rating and thanks have clocks of their own.
const WATCHED: ReadonlySet<Screen['at']> = new Set([
  'welcome',
  'services',
  'consent',
  'form',
  'explain',
  'assess',
  'agree',
  'identify',
  'person',
  'ahead',
  'code',
  'book',
  'appointment',
  'picture',
  'photograph',
  'stopped',
  'call-back',
  'kept-place',
  'sent-ahead',
  'handout',
]);

type Clock = { touchedAt: number; now: number; print: Print };

/** Whether a customer is still there. `touchedAt` and `now` by the same clock (ms). The welcome screen never warns. */
export function idleOf(at: Screen['at'], { touchedAt, now, print }: Clock): Idle {
  if (!WATCHED.has(at)) return { at: 'active' };
  const { quietMs, countdownMs } = idleTimes(print);
  const quiet = now - touchedAt;
  if (quiet < quietMs) return { at: 'active' };
  if (at === 'welcome' || quiet >= quietMs + countdownMs) return { at: 'over' };
  return { at: 'warning', leftMs: quietMs + countdownMs - quiet };
}
