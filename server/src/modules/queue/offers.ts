import { randomUUID } from 'node:crypto';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import { moveAgent } from './agent-moves.ts';
import { lockAgent } from './agents.store.ts';
import type { Queue } from './index.ts';
import { backOffs, candidates } from './candidates.store.ts';
import { createFits } from './fits.ts';
import { aboutOffer, returnTicket } from './offer-ends.ts';
import { claim, dueOffers, endOffer, lockMatching, openOfferOfAgent, openOffers, takeOffer } from './offers.store.ts';
import { planOffers } from './plan-offers.ts';
import type { QueueFact } from './queue-facts.ts';
import type { RulesInForce } from './rules-in-force.ts';
import { ticketById } from './tickets.store.ts';

type Offers = Pick<Queue, 'match' | 'accept' | 'decline' | 'expireOffers' | 'ringing' | 'allRinging'>;

/** So many offers are made in one transaction: nobody waits long for those that come after. */
const MOST_AT_ONCE = 50;

/** See `Queue` for each one's contract. */
export function createOffers({ database, rules }: { database: Database; rules: RulesInForce }): Offers {
  const fits = createFits();

  return {
    async match(work, among = 'all') {
      // One after the other all the same, but without waiting for an answer between.
      const sought = among === 'all' ? MOST_AT_ONCE : 'agents' in among ? among.agents.length : among.tickets.length;
      const most = Math.min(sought, MOST_AT_ONCE);
      const [, inForce, serves, paused] = await Promise.all([
        lockMatching(work.tx),
        rules.inForce(work.tx),
        fits(work.tx),
        backOffs(work.tx, work.now),
      ]);
      const found = await candidates(work.tx, among, { now: work.now, most, paused });
      const pairs = planOffers(found, { most, serves });
      if (pairs.length === 0) return { made: 0, again: false };
      const wanted = pairs.map(({ ticket, agent, fits: first }) => ({
        ticketId: ticket.id,
        lane: ticket.lane,
        staffId: agent.id,
        offerId: randomUUID(),
        callId: randomUUID(),
        why: {
          score: (work.now - ticket.rank) / 1000,
          step: ticket.preferred === null ? ticket.step : null,
          fits: first,
          idleMs: Math.max(0, work.now - agent.idle_since),
          preferred: ticket.preferred !== null,
        },
      }));
      const deadline = work.now + inForce.rules.offers.seconds * 1000;
      const claimed = await claim(work.tx, wanted, { now: work.now, deadline });
      for (const { offer, ticket } of claimed) {
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
      return { made: claimed.length, again: pairs.length === MOST_AT_ONCE || claimed.length < pairs.length };
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
