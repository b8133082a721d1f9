import type { CaseAt } from '@openvtm/protocol';

export type CloseReason = 'finished' | 'cancelled' | 'idle' | 'replaced';

export type CaseEvent =
  | { is: 'consent' }
  | { is: 'join-queue' }
  | { is: 'leave-queue' }
  | { is: 'accepted' }
  | { is: 'propose' }
  | { is: 'answer'; agreed: boolean }
  | { is: 'call-ended'; served: boolean }
  | { is: 'rate' }
  | { is: 'close'; reason: CloseReason };

/**
 * The whole life of a case. Pure. `null` means "not from here". A case may be taken back to the form from a call that
 * broke before anything was done, so that nothing entered is lost.
 */
export function nextCase(at: CaseAt, event: CaseEvent): CaseAt | null {
  if (at === 'closed') return null;
  if (event.is === 'close') return 'closed';
  switch (at) {
    case 'consent':
      return event.is === 'consent' ? 'form' : null;
    case 'form':
      return event.is === 'join-queue' ? 'waiting' : null;
    case 'waiting':
      if (event.is === 'leave-queue') return 'form';
      return event.is === 'accepted' ? 'serving' : null;
    case 'serving':
    case 'confirming':
    case 'confirmed':
      if (event.is === 'propose') return 'confirming';
      if (event.is === 'answer') return at === 'confirming' ? (event.agreed ? 'confirmed' : 'serving') : null;
      if (event.is === 'call-ended') return event.served ? 'rating' : 'form';
      return null;
    case 'rating':
      return event.is === 'rate' ? 'closed' : null;
    default:
      return at satisfies never;
  }
}
