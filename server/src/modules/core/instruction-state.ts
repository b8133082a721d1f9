import type { CoreOutcome } from './contract.ts';

/**
 * An instruction to the core. `due`: to be asked (again) at `nextAt`; `asking`: a process asks just now, and if it dies
 * another takes over at `until`; `stuck`: asked in vain for so long that a person has to look.
 */
export type InstructionState =
  | { at: 'due'; nextAt: number; attempts: number }
  | { at: 'asking'; until: number; attempts: number }
  | { at: 'done'; reference: string; facts: Record<string, string> }
  | { at: 'refused'; reason: string }
  | { at: 'stuck'; attempts: number };

export type InstructionEvent =
  | { is: 'taken' }
  | { is: 'answered'; outcome: CoreOutcome }
  /** No answer, or none that can be understood. `jitter` from 0 to 1. */
  | { is: 'unanswered'; jitter: number; orderedAt: number };

/** ms: longer than the connector waits for an answer, so that a living process is never overtaken. */
export const LEASE_MS = 15_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** ms after which a person has to look: nobody waits at a kiosk longer. */
export const GIVE_UP_MS = 20 * 60_000;

/** Pure. What is settled stays as it is, whatever answer still comes. */
export function nextInstruction(state: InstructionState, event: InstructionEvent, now: number): InstructionState {
  if (state.at === 'done' || state.at === 'refused') return state;
  switch (event.is) {
    case 'answered':
      return event.outcome.state === 'done'
        ? { at: 'done', reference: event.outcome.reference, facts: event.outcome.facts }
        : { at: 'refused', reason: event.outcome.reason };
    case 'taken':
      return state.at === 'stuck' ? state : { at: 'asking', until: now + LEASE_MS, attempts: state.attempts + 1 };
    case 'unanswered': {
      if (state.at === 'stuck') return state;
      if (now - event.orderedAt >= GIVE_UP_MS) return { at: 'stuck', attempts: state.attempts };
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, state.attempts - 1));
      return { at: 'due', nextAt: now + Math.round(pause * (0.5 + event.jitter / 2)), attempts: state.attempts };
    }
    default:
      return event satisfies never;
  }
}
