import type { Explanation, OfferWhy, StepView } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { Refusal } from '../../kernel/errors.ts';
import type { Conditions } from './conditions.ts';
import { stepBegins } from './conditions.ts';
import { agentsForLanes } from './figures.store.ts';
import { openOfferOfTicket, offersOfTicket, type OfferState } from './offers.store.ts';
import { placeable } from './places.ts';
import { placeOf, type Place } from './placing.ts';
import { queueOf } from './routing.ts';
import type { RulesInForce } from './rules-in-force.ts';
import { scoreParts } from './score.ts';
import { restingAgents } from './explain.store.ts';
import { standing, ticketById, type TicketRow } from './tickets.store.ts';

/** What the queue knows of a ticket; names and titles of others are added by who shows it. */
export type Explained = Pick<
  Explanation,
  'queue' | 'joinedAt' | 'state' | 'ahead' | 'score' | 'steps' | 'left' | 'why' | 'next'
> & {
  ticketId: string;
  serviceId: string;
  offers: {
    offerId: string;
    staffId: string;
    madeAt: number;
    how: OfferState;
    endedAt: number | null;
    why: OfferWhy | null;
  }[];
};

const OPEN = new Set(['waiting', 'offered']);

/** Explains a ticket from the same functions and rows by which it is served. */
export function createExplain({
  database,
  rules,
  clock,
}: {
  database: Database;
  rules: RulesInForce;
  clock: () => number;
}) {
  const stepViews = async (ticket: TicketRow, place: Place, waitedMs: number): Promise<StepView[]> => {
    const all = (await rules.inForce(database)).rules;
    const titles = new Map(all.skills.map((skill) => [skill.id, skill]));
    const view = async (conditions: Conditions, index: number): Promise<StepView> => {
      const lane = ticket.lanes[index];
      const { onDuty, free } = lane === undefined ? { onDuty: 0, free: 0 } : await agentsForLanes(database, [lane]);
      const begins = stepBegins(place.queue, index);
      const hasBegun = begins <= waitedMs;
      const group = all.groups.find(({ id }) => id === conditions.staffedBy);
      return {
        begins: begins / 1000,
        skills: Object.entries(conditions.skills).map(([id, level]) => ({
          title: titles.get(id)?.title ?? { 'zh-CN': id, en: id },
          level,
          licence: titles.get(id)?.licence ?? false,
        })),
        language: conditions.language,
        staffedBy: group?.title ?? null,
        onDuty,
        free,
        state:
          index === ticket.step
            ? 'in-force'
            : index > ticket.step
              ? 'to-come'
              : hasBegun && index + 1 < place.steps.length && stepBegins(place.queue, index + 1) <= waitedMs
                ? 'past'
                : 'skipped',
      };
    };
    return Promise.all(place.steps.map(view));
  };

  return async (ticketId: string): Promise<Explained> => {
    const ticket = await ticketById(database, ticketId);
    if (!ticket) throw new Refusal('not-found', 'no such ticket');
    // Of a ticket that is over it is said how it stood at its end.
    const now = ticket.ended_at ?? clock();
    const waitedMs = Math.max(0, now - ticket.joined_at);
    const all = (await rules.inForce(database)).rules;
    const offers = await offersOfTicket(database, ticketId);
    const place = placeOf(all, placeable(ticket), { now, isStaffed: () => true });
    const isOpen = OPEN.has(ticket.state);
    const { ahead, onDuty, free } = isOpen ? await standing(database, ticket) : { ahead: 0, onDuty: 0, free: 0 };
    const resting = isOpen ? await restingAgents(database, { ticket, now }) : [];
    const parts = scoreParts(
      all,
      {
        queueId: ticket.queue_id,
        joinedAt: ticket.joined_at,
        priority: ticket.priority,
        vip: ticket.vip,
        elder: ticket.elder,
        handBack: ticket.hand_back,
        appointmentAt: ticket.appointment_at,
      },
      now,
    );
    const titleOf = (queueId: string) => queueOf(all, queueId)?.title ?? { 'zh-CN': queueId, en: queueId };
    const ringing = isOpen ? await openOfferOfTicket(database, ticketId) : undefined;

    const why = (): Explanation['why'] => {
      if (ticket.state === 'call-back') return 'call-back';
      if (!isOpen) return 'over';
      if (ticket.state === 'offered') return 'coming';
      if (ticket.absent_since !== null) return 'absent';
      if (ticket.preferred_until !== null && ticket.preferred_until > now) return 'preferred';
      if (!place.open) return 'closed';
      if (onDuty === 0) return 'nobody';
      return free > 0 && resting.length >= free ? 'resting' : 'busy';
    };
    const next: Explanation['next'] = isOpen
      ? [
          ...place.changes.flatMap(({ at, is }) => (is === 'closes' ? [] : [{ at, is }])),
          ...resting.slice(0, 1).map((at) => ({ at, is: 'rest-ends' as const })),
          ...(ringing ? [{ at: ringing.deadline, is: 'deadline' as const }] : []),
        ].toSorted((a, b) => a.at - b.at)
      : [];

    return {
      ticketId,
      serviceId: ticket.service_id,
      queue: titleOf(ticket.queue_id),
      joinedAt: ticket.joined_at,
      state: ticket.state,
      ahead,
      score: { total: Object.values(parts).reduce((sum, part) => sum + part, 0), parts },
      steps: await stepViews(ticket, place, waitedMs),
      left: ticket.left_queues.map(({ queueId, reason }) => ({ queue: titleOf(queueId), why: reason })),
      why: why(),
      next,
      offers: offers.map((offer) => ({
        offerId: offer.id,
        staffId: offer.staff_id,
        madeAt: offer.made_at,
        how: offer.state,
        endedAt: offer.ended_at,
        why: offer.why,
      })),
    };
  };
}
