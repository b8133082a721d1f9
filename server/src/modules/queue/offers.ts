import { randomUUID } from 'node:crypto';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import { moveAgent } from './agent-moves.ts';
import { lockAgent } from './agents.store.ts';
import type { Queue } from './index.ts';
import { aboutOffer, returnTicket } from './offer-ends.ts';
import { claim, dueOffers, endOffer, lockMatching, openOfferOfAgent, openOffers, takeOffer } from './offers.store.ts';
import type { QueueFact } from './queue-facts.ts';
import type { RulesInForce } from './rules-in-force.ts';
import { ticketById } from './tickets.store.ts';

type Offers = Pick<Queue, 'match' | 'accept' | 'decline' | 'expireOffers' | 'ringing' | 'allRinging'>;

/** So many offers are made in one transaction: nobody waits for those that come after. */
const MOST_AT_ONCE = 50;

/** See `Queue` for each one's contract. */
export function createOffers({ database, rules }: { database: Database; rules: RulesInForce }): Offers {
  return {
    async match(work, among = 'all') {
      // One after the other all the same, but without waiting for the first one's answer.
      const [inForce] = await Promise.all([rules.inForce(work.tx), lockMatching(work.tx)]);
      const { seconds } = inForce.rules.offers;
      const most = among === 'all' ? Infinity : 'agents' in among ? among.agents.length : among.tickets.length;
      const deadline = work.now + seconds * 1000;
      for (let made = 0; made < MOST_AT_ONCE; made += 1) {
        const wish = { among, offerId: randomUUID(), callId: randomUUID(), now: work.now, deadline };
        const claimed = await claim(work.tx, wish);
        if (claimed === null) return { made, again: false };
        if (claimed === 'busy') return { made, again: true };
        const { offer, ticket } = claimed;
        const facts: QueueFact[] = [
          { kind: 'queue.offer-made', about: aboutOffer(offer, ticket), data: { deadline: offer.deadline } },
          {
            kind: 'queue.agent-moved',
            about: { staffId: offer.staff_id },
            data: { from: 'ready', to: 'offered', reason: null },
          },
        ];
        facts.forEach((fact) => work.record(fact));
        if (made + 1 === most) return { made: most, again: false };
      }
      return { made: MOST_AT_ONCE, again: true };
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
      const { backOff } = (await rules.inForce(work.tx)).rules.offers;
      // Who needs a minute is asked for nothing meanwhile; who can't take this customer may take another at once.
      const isBusy = reason === 'need-a-minute';
      const backOffUntil = isBusy ? null : work.now + backOff.declined * 1000;
      const offer = await endOffer(work.tx, offerId, {
        state: 'declined',
        reason,
        now: work.now,
        staffId,
        backOffUntil,
      });
      if (!offer) throw new Refusal('offer-gone', 'the offer is no longer open');
      await moveAgent(work, staffId, {
        to: 'ready',
        set: { unanswered: 0, rest_until: isBusy ? work.now + backOff.busy * 1000 : 0 },
      });
      await returnTicket(work, offer, { how: 'declined', reason });
    },

    async expireOffers(work) {
      const due = await dueOffers(work.tx, work.now);
      if (due.length === 0) return;
      const { backOff, awayAfter } = (await rules.inForce(work.tx)).rules.offers;
      for (const { id } of due) {
        const offer = await endOffer(work.tx, id, { state: 'expired', reason: null, now: work.now });
        if (!offer) continue;
        const unanswered = ((await lockAgent(work.tx, offer.staff_id))?.unanswered ?? 0) + 1;
        if (unanswered >= awayAfter)
          await moveAgent(work, offer.staff_id, { to: 'break', reason: 'missed-offer', set: { unanswered: 0 } });
        else {
          const rest = { unanswered, rest_until: work.now + backOff.unanswered * 1000 };
          await moveAgent(work, offer.staff_id, { to: 'ready', reason: 'missed-offer', set: rest });
        }
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
        ticketId: ticket.id,
        caseId: ticket.case_id,
        kioskId: ticket.kiosk_id,
        serviceId: ticket.service_id,
        madeAt: offer.made_at,
        deadline: offer.deadline,
        joinedAt: ticket.joined_at,
        language: ticket.language,
        why: offer.why,
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
