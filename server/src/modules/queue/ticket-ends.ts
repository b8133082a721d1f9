import type { Work } from '../../kernel/work.ts';
import { rescindOffer } from './offer-ends.ts';
import { openOfferOfTicket } from './offers.store.ts';
import { aboutTicket, type QueueFact } from './queue-facts.ts';
import { endTicket, type TicketRow } from './tickets.store.ts';

/** Ends a ticket and what rings for it. */
export async function withdrawTicket(
  work: Work,
  ticket: TicketRow,
  end: { state: 'left' | 'abandoned'; reason: string },
): Promise<void> {
  const ended = await endTicket(work.tx, ticket.id, { ...end, now: work.now });
  if (!ended) return;
  // Looked for once the ticket's row is ours: an offer that was just being made for it is committed by now.
  const offer = await openOfferOfTicket(work.tx, ticket.id);
  if (offer) await rescindOffer(work, offer, { ticket, reason: end.reason });
  const fact: QueueFact = {
    kind: end.state === 'left' ? 'queue.left' : 'queue.abandoned',
    about: aboutTicket(ticket),
    data: { reason: end.reason, waitedMs: Math.max(0, work.now - ticket.joined_at) },
  };
  work.record(fact);
}
