import type { WrapUpRule } from '@openvtm/protocol';
import type { Draft } from './draft.ts';

/** Whether an agent may end wrap-up without saying how the call went. Pure. */
export function mayLeaveOutcome({ mode }: Pick<WrapUpRule, 'mode'>): boolean {
  switch (mode) {
    case 'optional':
    case 'optional-timed':
    case 'none':
      return true;
    case 'timed':
    case 'until-done':
      return false;
  }
}

/** Time to see that it comes to an end (ms). */
const SOON_MS = 60_000;
/** Time for the request to come there before the clock does (ms). */
const ENDING_MS = 2_500;

/** What is left until the clock ends it; null: it does not. Pure. */
export function clockOf(until: number | null, now: number) {
  if (until === null) return null;
  const leftMs = Math.max(0, until - now);
  return { leftMs, soon: leftMs <= SOON_MS, ending: leftMs <= ENDING_MS };
}

/** Whether what is written can go by itself when the time is up, and is worth it. Pure. */
export const sendsItself = (rule: Pick<WrapUpRule, 'mode'>, { outcome, note }: Draft): boolean =>
  outcome !== null || (mayLeaveOutcome(rule) && note.trim() !== '');
