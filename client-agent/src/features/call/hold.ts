import type { CallView } from '@openvtm/protocol';

/** How long a call waits for a participant whose line is down (ms); the server decides, this only tells the time. */
export const HOLD_MS = 90_000;

/** How long the customer has been away (ms, by the server's clock); null while the line is up or there is no call. */
export function lostFor(call: CallView | null, now: number): number | null {
  const customer = call?.participants.find((participant) => participant.role === 'customer');
  if (customer === undefined || customer.here) return null;
  return Math.max(0, now - (customer.lostSince ?? now));
}
