import { CaseAt } from '@openvtm/protocol';

export type CloseReason = 'finished' | 'cancelled' | 'idle' | 'replaced' | 'refused';

export type CaseEvent =
  | { is: 'consent' }
  | { is: 'join-queue' }
  | { is: 'leave-queue' }
  | { is: 'accepted' }
  | { is: 'done-alone' }
  | { is: 'propose' }
  | { is: 'answer'; agreed: boolean }
  | { is: 'call-ended'; served: boolean }
  | { is: 'passed-on' }
  | { is: 'rate' }
  | { is: 'close'; reason: CloseReason };

/**
 * The whole life of a case. Pure. `null` means "not from here". A case goes back to its customer alone from a call that
 * broke before anything was done, so that nothing entered is lost.
 */
export function nextCase(at: CaseAt, event: CaseEvent): CaseAt | null {
  if (at === 'closed') return null;
  if (event.is === 'close') return 'closed';
  switch (at) {
    case 'consent':
      return event.is === 'consent' ? 'alone' : null;
    case 'alone':
      if (event.is === 'done-alone') return 'rating';
      return event.is === 'join-queue' ? 'waiting' : null;
    case 'waiting':
      if (event.is === 'leave-queue') return 'alone';
      return event.is === 'accepted' ? 'serving' : null;
    case 'serving':
    case 'confirming':
    case 'confirmed':
      if (event.is === 'propose') return 'confirming';
      if (event.is === 'answer') return at === 'confirming' ? (event.agreed ? 'confirmed' : 'serving') : null;
      if (event.is === 'call-ended') return event.served ? 'rating' : 'alone';
      if (event.is === 'passed-on') return 'waiting';
      return null;
    case 'rating':
      return event.is === 'rate' ? 'closed' : null;
    default:
      return at satisfies never;
  }
}

/** Where an event may happen, and where it leads: to the same place from everywhere. */
export function wayOf(event: CaseEvent): { from: CaseAt[]; to: CaseAt } {
  const ways = CaseAt.options.map((from) => ({ from, to: nextCase(from, event) }));
  const open = ways.flatMap(({ from, to }) => (to ? [{ from, to }] : []));
  const [first] = open;
  if (!first) throw new Error(`nothing is followed by ${event.is}`);
  return { from: open.map(({ from }) => from), to: first.to };
}
