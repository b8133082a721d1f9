import type { TicketRow } from './tickets.store.ts';

/** What the queue announces. */
export type QueueFact =
  | {
      kind: 'queue.joined';
      about: { ticketId: string; caseId: string; kioskId: string };
      data: { serviceId: string; queueId: string; headStart: number; keptMs: number };
    }
  | {
      kind: 'queue.left';
      about: { ticketId: string; caseId: string; kioskId: string };
      data: { reason: string; waitedMs: number };
    }
  | {
      kind: 'queue.abandoned';
      about: { ticketId: string; caseId: string; kioskId: string };
      data: { reason: string; waitedMs: number };
    }
  | {
      kind: 'queue.appointment-counts';
      about: { ticketId: string; caseId: string; kioskId: string };
      data: { headStart: number };
    }
  | {
      kind: 'queue.overflowed';
      about: { ticketId: string; caseId: string; kioskId: string };
      data: { from: string; to: string; reason: string };
    }
  | {
      kind: 'queue.overdue' | 'queue.waits-on';
      about: { ticketId: string; caseId: string; kioskId: string };
      data: { waitedMs: number };
    }
  | {
      kind: 'queue.call-back';
      about: { ticketId: string; caseId: string; kioskId: string };
      data: { keptUntil: number };
    }
  | { kind: 'queue.rules-changed'; about: { staffId: string }; data: { version: number } }
  | {
      kind: 'queue.absent' | 'queue.returned' | 'queue.preferred-gone';
      about: { ticketId: string; caseId: string; kioskId: string };
    }
  | { kind: 'queue.agent-returned'; about: { staffId: string } }
  | { kind: 'queue.offer-made'; about: OfferAbout; data: { deadline: number } }
  | { kind: 'queue.offer-accepted'; about: OfferAbout; data: { waitedMs: number } }
  | {
      kind: 'queue.offer-ended';
      about: OfferAbout;
      data: { how: 'declined' | 'expired' | 'rescinded'; reason: string | null };
    }
  | {
      kind: 'queue.agent-moved';
      about: { staffId: string };
      data: { from: string; to: string; reason: string | null };
    };

export type OfferAbout = {
  offerId: string;
  ticketId: string;
  caseId: string;
  kioskId: string;
  staffId: string;
  callId: string;
};

export const aboutTicket = (ticket: Pick<TicketRow, 'id' | 'case_id' | 'kiosk_id'>) => ({
  ticketId: ticket.id,
  caseId: ticket.case_id,
  kioskId: ticket.kiosk_id,
});
