import { randomUUID } from 'node:crypto';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import { moveAgent } from './agent-moves.ts';
import { letAppointmentsCount } from './appointment-rule.ts';
import type { Queue } from './index.ts';
import { aboutOffer, returnTicket } from './offer-ends.ts';
import type { QueueFact } from './queue-facts.ts';
import { BACK_OFF_MS, OFFER_MS } from './queue-rules.ts';
import { claim, dueOffers, endOffer, openOfferOfAgent, openOffers, takeOffer, ticketById } from './queue.store.ts';

type Offers = Pick<Queue, 'match' | 'accept' | 'decline' | 'expireOffers' | 'ringing' | 'allRinging'>;

/** See `Queue` for each one's contract. */
export function createOffers({ database }: { database: Database }): Offers {
  return {
    async match(work) {
      await letAppointmentsCount(work);
      for (let made = 0; ; made += 1) {
        const offer = await claim(work.tx, {
          offerId: randomUUID(),
          callId: randomUUID(),
          now: work.now,
          deadline: work.now + OFFER_MS,
          backOffBefore: work.now - BACK_OFF_MS,
        });
        const ticket = offer && (await ticketById(work.tx, offer.ticket_id));
        if (!offer || !ticket) return made;
        const facts: QueueFact[] = [
          { kind: 'queue.offer-made', about: aboutOffer(offer, ticket), data: { deadline: offer.deadline } },
          {
            kind: 'queue.agent-moved',
            about: { staffId: offer.staff_id },
            data: { from: 'ready', to: 'offered', reason: null },
          },
        ];
        facts.forEach((fact) => work.record(fact));
      }
    },

    async accept(work, staffId, offerId) {
      const taken = await takeOffer(work.tx, { offerId, staffId, now: work.now });
      if (!taken) throw new Refusal('offer-gone', 'the offer is no longer open');
      const { offer, ticket, agent } = taken;
      const about = aboutOffer(offer, ticket);
      const facts: QueueFact[] = [
        {
          kind: 'queue.agent-moved',
          about: { staffId },
          data: { from: 'offered', to: 'in-call', reason: null },
        },
        {
          kind: 'queue.offer-accepted',
          about,
          data: { waitedMs: Math.max(0, work.now - ticket.joined_at) },
        },
      ];
      facts.forEach((fact) => work.record(fact));
      return { ...about, customerAway: ticket.absent_since !== null, agentAway: agent.absent_since !== null };
    },

    async decline(work, staffId, offerId, reason) {
      const offer = await endOffer(work.tx, offerId, { state: 'declined', reason, now: work.now, staffId });
      if (!offer) throw new Refusal('offer-gone', 'the offer is no longer open');
      await moveAgent(work, staffId, { to: 'ready' });
      await returnTicket(work, offer, { how: 'declined', reason });
    },

    async expireOffers(work) {
      for (const due of await dueOffers(work.tx, work.now)) {
        const offer = await endOffer(work.tx, due.id, { state: 'expired', reason: null, now: work.now });
        if (!offer) continue;
        await moveAgent(work, offer.staff_id, { to: 'break', reason: 'missed-offer' });
        await returnTicket(work, offer, { how: 'expired', reason: null });
      }
    },

    async ringing(staffId) {
      const offer = await openOfferOfAgent(database, staffId);
      const ticket = offer && (await ticketById(database, offer.ticket_id));
      if (!offer || !ticket) return null;
      return {
        offerId: offer.id,
        callId: offer.call_id,
        caseId: ticket.case_id,
        kioskId: ticket.kiosk_id,
        serviceId: ticket.service_id,
        madeAt: offer.made_at,
        deadline: offer.deadline,
        joinedAt: ticket.joined_at,
        language: ticket.language,
      };
    },

    allRinging: async () =>
      (await openOffers(database)).map((row) => ({
        callId: row.call_id,
        staffId: row.staff_id,
        kioskId: row.kiosk_id,
      })),
  };
}
