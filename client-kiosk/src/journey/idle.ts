import type { Screen } from './screen.ts';

/** Milliseconds without a touch until the warning, and from the warning to the end. */
export const IDLE_MS = 60_000;
export const COUNTDOWN_MS = 20_000;

export type Idle = { at: 'active' } | { at: 'warning'; leftMs: number } | { at: 'over' };

// In the queue and in a call people look and listen without touching; rating and thanks have clocks of their own.
const WATCHED: ReadonlySet<Screen['at']> = new Set(['welcome', 'services', 'consent', 'form']);

/** Whether a customer is still there. `touchedAt` and `now` by the same clock (ms). The welcome screen never warns. */
export function idleOf(at: Screen['at'], { touchedAt, now }: { touchedAt: number; now: number }): Idle {
  if (!WATCHED.has(at)) return { at: 'active' };
  const quiet = now - touchedAt;
  if (quiet < IDLE_MS) return { at: 'active' };
  if (at === 'welcome' || quiet >= IDLE_MS + COUNTDOWN_MS) return { at: 'over' };
  return { at: 'warning', leftMs: IDLE_MS + COUNTDOWN_MS - quiet };
}
