import type { Work } from '../../kernel/work.ts';
import { moveAgent } from './agent-moves.ts';
import { endOffer, type OfferRow } from './offers.store.ts';
import type { OfferAbout, QueueFact } from './queue-facts.ts';
import { backToWaiting, ticketById, type TicketRow } from './tickets.store.ts';

export const aboutOffer = (offer: OfferRow, ticket: TicketRow): OfferAbout => ({
  offerId: offer.id,
  ticketId: ticket.id,
  caseId: ticket.case_id,
  kioskId: ticket.kiosk_id,
  staffId: offer.staff_id,
  callId: offer.call_id,
});

function recordEnd(
  work: Work,
  about: OfferAbout,
  end: { how: 'declined' | 'expired' | 'rescinded'; reason: string | null },
): void {
  const fact: QueueFact = { kind: 'queue.offer-ended', about, data: end };
  work.record(fact);
}

/** Takes an offer back because its ticket is gone: the agent is ready again, at the old place among the idle. */
export async function rescindOffer(
  work: Work,
  offer: OfferRow,
  { ticket, reason }: { ticket: TicketRow; reason: string },
): Promise<void> {
  if (!(await endOffer(work.tx, offer.id, { state: 'rescinded', reason, now: work.now }))) return;
  await moveAgent(work, offer.staff_id, {
    to: 'ready',
    set: { idle_since: Math.min(work.now, offer.made_at - (offer.why?.idleMs ?? 0)) },
  });
  recordEnd(work, aboutOffer(offer, ticket), { how: 'rescinded', reason });
}

/** Gives a ticket whose offer ended back to the queue, at its old place. */
export async function returnTicket(
  work: Work,
  offer: OfferRow,
  end: { how: 'declined' | 'expired'; reason: string | null },
): Promise<void> {
  const ticket = (await backToWaiting(work.tx, offer.ticket_id)) ?? (await ticketById(work.tx, offer.ticket_id));
  if (ticket) recordEnd(work, aboutOffer(offer, ticket), end);
}
