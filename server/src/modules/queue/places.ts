import type { QueueRules } from '@openvtm/protocol';
import type { Tx } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import { conditionsOf, type Conditions } from './conditions.ts';
import { laneText, type Lanes } from './lanes.ts';
import { lookAtStaffing, settleLanes, staffedOf, unsettledLanes } from './lanes.store.ts';
import { overflowsOf, placeOf, queueBefore, reachable, type Place, type Placeable } from './placing.ts';
import { aboutTicket, type QueueFact } from './queue-facts.ts';
import type { InForce, RulesInForce } from './rules-in-force.ts';
import { headStart } from './score.ts';
import { dueTickets, placeTickets, type NewTicket, type PlacedTicket, type TicketRow } from './tickets.store.ts';

/** So many tickets get a new place in one transaction. */
const BATCH = 500;

export const placeable = (ticket: NewTicket): Placeable => ({
  branchId: ticket.branch_id,
  family: ticket.family,
  skills: ticket.skills,
  language: ticket.language,
  queueId: ticket.queue_id || null,
  joinedAt: ticket.joined_at,
  preferredUntil: ticket.preferred_until,
  countsFrom: ticket.counts_from,
  overdueSince: ticket.overdue_since,
  waitsOnSince: ticket.waits_on_since,
});

/** From when an appointment counts; null for who has none, or came too late for it. */
const countsFrom = (rules: QueueRules, { appointment_at: at, joined_at: joined }: NewTicket): number | null =>
  at === null || joined > at + rules.appointment.late * 1000 ? null : at - rules.appointment.early * 1000;

const headStartOf = (rules: QueueRules, ticket: NewTicket, { queueId, now }: { queueId: string; now: number }) =>
  headStart(
    rules,
    {
      queueId,
      joinedAt: ticket.joined_at,
      priority: ticket.priority,
      vip: ticket.vip,
      elder: ticket.elder,
      handBack: ticket.hand_back,
      appointmentAt: ticket.appointment_at,
    },
    now,
  );

export type Placed<T extends NewTicket> = { ticket: T; place: Place; set: PlacedTicket };

/** Gives tickets their queue, step, lane and head start. All places change here and nowhere else. */
export function createPlaces({ lanes, rules }: { lanes: Lanes; rules: Pick<RulesInForce, 'inForce'> }) {
  /** Works out places; changes nothing but the lanes that are new. */
  const placesOf = async <T extends NewTicket>(
    tx: Tx,
    tickets: readonly T[],
    { inForce, now }: { inForce: InForce; now: number },
  ): Promise<Placed<T>[]> => {
    const all = inForce.rules;
    const wanted = tickets.map((ticket) => {
      const asks = placeable({ ...ticket, counts_from: countsFrom(all, ticket) });
      const queues = reachable(all, queueBefore(all, asks));
      return {
        ticket,
        asks,
        texts: queues.flatMap((queue) => conditionsOf(all, queue, asks).map((one) => laneText(all, one))),
      };
    });
    const ids = await lanes.lanes(
      tx,
      wanted.flatMap(({ texts }) => texts),
    );
    const staffed = await staffedOf(tx, [...new Set(ids.values())]);
    const laneOf = (conditions: Conditions) => ids.get(laneText(all, conditions)) ?? 0;
    const isStaffed = (conditions: Conditions) => staffed.has(laneOf(conditions));
    return wanted.map(({ ticket, asks }) => {
      const place = placeOf(all, asks, { now, isStaffed });
      const stepLanes = place.steps.map(laneOf);
      const preferred = ticket.preferred_until !== null && ticket.preferred_until > now ? ticket.preferred_until : null;
      return {
        ticket,
        place,
        set: {
          id: ticket.id,
          queue_id: place.queue.id,
          left_queues: [...ticket.left_queues, ...place.left],
          lanes: stepLanes,
          step: place.step,
          lane: place.open ? (stepLanes[place.step] ?? null) : null,
          head_start: headStartOf(all, ticket, { queueId: place.queue.id, now }),
          counts_from: asks.countsFrom,
          preferred_until: preferred,
          overdue_since: place.overdue ? (ticket.overdue_since ?? now) : null,
          due_at: place.changes[0]?.at ?? null,
          goal_ms: place.queue.serviceLevelSeconds * 1000,
        },
      };
    });
  };

  const tellOverflows = (work: Work, { ticket, place }: Placed<NewTicket>) => {
    for (const data of overflowsOf(place.left, place.queue.id)) {
      const fact: QueueFact = { kind: 'queue.overflowed', about: aboutTicket(ticket), data };
      work.record(fact);
    }
  };
  const tell = (work: Work, placed: Placed<TicketRow>) => {
    const { ticket, set } = placed;
    const about = aboutTicket(ticket);
    const facts: QueueFact[] = [];
    tellOverflows(work, placed);
    if (set.overdue_since !== null && ticket.overdue_since === null)
      facts.push({ kind: 'queue.overdue', about, data: { waitedMs: Math.max(0, work.now - ticket.joined_at) } });
    // The rules may have changed the head start as well: an appointment's is the one that comes by the clock.
    if (set.counts_from !== null && ticket.head_start < set.head_start && set.counts_from <= work.now)
      facts.push({ kind: 'queue.appointment-counts', about, data: { headStart: set.head_start } });
    facts.forEach((fact) => work.record(fact));
  };

  return {
    placesOf,
    tellOverflows,

    /**
     * Gives a new place to every ticket that is due for one: by the clock, by new rules, or because the last agent who
     * could fulfil its step went off duty, or the first came on. Answers whether more are due.
     */
    async tend(work: Work): Promise<boolean> {
      await lookAtStaffing(work.tx);
      const unsettled = await unsettledLanes(work.tx);
      const inForce = await rules.inForce(work.tx);
      const due = await dueTickets(work.tx, {
        now: work.now,
        version: inForce.version,
        unsettled,
        limit: BATCH,
      });
      if (due.length > 0) {
        const placed = await placesOf(work.tx, due, { inForce, now: work.now });
        await placeTickets(
          work.tx,
          placed.map(({ set }) => set),
          inForce.version,
        );
        for (const one of placed) tell(work, one);
      }
      if (unsettled && due.length < BATCH) await settleLanes(work.tx, unsettled);
      return due.length === BATCH;
    },
  };
}
export type Places = ReturnType<typeof createPlaces>;
