import type { Countersigner } from '@openvtm/protocol';

/** How far a paper is; every member carries only what it needs. */
export type PaperState =
  | { at: 'made' }
  | { at: 'shown'; furthest: number }
  | { at: 'read'; how: 'scrolled' | 'aloud' }
  /** `sha256`: of the PDF with the signature drawn on it, which the customer looks at. */
  | { at: 'signed'; since: number; sha256: string }
  | { at: 'confirmed'; since: number; sha256: string; waitsFor: Countersigner[] }
  | { at: 'sealing'; since: number; dueAt: number; attempts: number }
  | { at: 'sealed'; since: number; sha256: string; stampedAt: number | null }
  | { at: 'refused'; since: number }
  | { at: 'withdrawn'; since: number };

export type PaperEvent =
  | { is: 'progress'; furthest: number }
  | { is: 'read-aloud' }
  | { is: 'sign'; sha256: string }
  | { is: 'anew' }
  | { is: 'confirm'; waitsFor: Countersigner[] }
  | { is: 'countersign'; as: Countersigner }
  | { is: 'seal'; sha256: string; stampedAt: number | null }
  /** The time-stamp authority did not answer. */
  | { is: 'not-stamped' }
  | { is: 'refuse' }
  | { is: 'withdraw' };

/** ms until the time-stamp authority is asked again: doubled each time, at most a minute. */
const againAfter = (attempts: number) => Math.min(60_000, 1_000 * 2 ** Math.min(attempts, 6));

/** The life of a paper. Pure; `null`: "not from here". What is sealed, refused or withdrawn stays so. */
export function nextPaper(state: PaperState, event: PaperEvent, now: number): PaperState | null {
  const open = state.at === 'made' || state.at === 'shown' || state.at === 'read' || state.at === 'signed';
  switch (event.is) {
    case 'progress': {
      // What was read stays read, and a late word of an earlier place changes nothing.
      if (state.at === 'read') return state;
      if (state.at !== 'made' && state.at !== 'shown') return null;
      const furthest = Math.max(event.furthest, state.at === 'shown' ? state.furthest : 0);
      return furthest >= 100 ? { at: 'read', how: 'scrolled' } : { at: 'shown', furthest };
    }
    case 'read-aloud':
      if (state.at === 'read') return state;
      return state.at === 'shown' ? { at: 'read', how: 'aloud' } : null;
    case 'sign':
      return state.at === 'read' ? { at: 'signed', since: now, sha256: event.sha256 } : null;
    case 'anew':
      return state.at === 'signed' ? { at: 'read', how: 'scrolled' } : null;
    case 'confirm':
      return state.at === 'signed'
        ? { at: 'confirmed', since: now, sha256: state.sha256, waitsFor: event.waitsFor }
        : null;
    case 'countersign': {
      if (state.at !== 'confirmed' || !state.waitsFor.includes(event.as)) return null;
      const waitsFor = state.waitsFor.filter((one) => one !== event.as);
      return waitsFor.length > 0 ? { ...state, waitsFor } : { at: 'sealing', since: now, dueAt: now, attempts: 0 };
    }
    case 'seal':
      return state.at === 'sealing'
        ? { at: 'sealed', since: now, sha256: event.sha256, stampedAt: event.stampedAt }
        : null;
    case 'not-stamped':
      return state.at === 'sealing'
        ? { ...state, attempts: state.attempts + 1, dueAt: now + againAfter(state.attempts) }
        : null;
    case 'refuse':
      return open ? { at: 'refused', since: now } : null;
    case 'withdraw':
      return open ? { at: 'withdrawn', since: now } : null;
    default:
      return event satisfies never;
  }
}
