import { randomUUID } from 'node:crypto';
import { Refusal } from '../../kernel/errors.ts';
import type { Work } from '../../kernel/work.ts';
import { lockAgent } from './agents.store.ts';
import type { Queue, TicketWish } from './index.ts';
import { nameOf, withSkill } from './passing.ts';
import type { Places } from './places.ts';
import { aboutTicket, type QueueFact } from './queue-facts.ts';
import type { InForce, RulesInForce } from './rules-in-force.ts';
import { withdrawTicket } from './ticket-ends.ts';
import {
  callBacksOver,
  changeTicket,
  insertTicket,
  keptTicketOfCase,
  lastTicketOfCase,
  type NewTicket,
} from './tickets.store.ts';

type Tickets = Pick<Queue, 'join' | 'leave' | 'waitOn' | 'callBack' | 'expireCallBacks'>;

/** When a customer who comes back within the kept time came first; null: this is the first time, or it is too late. */
async function keptSince(work: Work, caseId: string, { rules }: InForce): Promise<number | null> {
  const last = await lastTicketOfCase(work.tx, caseId);
  if (!last || (last.state !== 'left' && last.state !== 'abandoned') || last.ended_at === null) return null;
  if (last.end_reason === 'call-back-expired') return null;
  return work.now - last.ended_at <= rules.keepPlaceSeconds * 1000 ? last.joined_at : null;
}

/** Until when the preferred agent alone is asked; null: nobody is preferred, or that one is not on duty. */
async function preferredUntil(work: Work, staffId: string | null, { rules }: InForce): Promise<number | null> {
  if (staffId === null || rules.preferredSeconds === 0) return null;
  // Who goes in this very moment does so before the ticket is held for them, or finds it.
  const agent = await lockAgent(work.tx, staffId);
  const isThere = agent && agent.state !== 'offline' && agent.state !== 'break' && agent.absent_since === null;
  return isThere ? work.now + rules.preferredSeconds * 1000 : null;
}

async function newTicket(work: Work, wish: TicketWish, inForce: InForce): Promise<NewTicket> {
  const passedSince = wish.passed ? ((await lastTicketOfCase(work.tx, wish.caseId))?.joined_at ?? null) : null;
  const since = wish.joinedAt ?? passedSince ?? (await keptSince(work, wish.caseId, inForce)) ?? work.now;
  const preferredStaffId = wish.preferredStaffId ?? null;
  return {
    id: randomUUID(),
    case_id: wish.caseId,
    kiosk_id: wish.kioskId,
    service_id: wish.serviceId,
    skills: wish.passed?.to?.is === 'skill' ? withSkill(wish.skills, wish.passed.to.skill) : wish.skills,
    language: wish.language,
    minutes: wish.minutes,
    state: 'waiting',
    joined_at: Math.min(since, work.now),
    absent_since: null,
    ended_at: null,
    end_reason: null,
    branch_id: wish.branchId ?? null,
    family: wish.family ?? 'teller',
    priority: wish.priority ?? 3,
    vip: wish.vip ?? false,
    elder: wish.elder ?? false,
    hand_back: wish.handBack ?? false,
    passed_on: wish.passed !== undefined,
    passed_by: wish.passed?.by ?? null,
    passed_to: wish.passed?.to ?? null,
    appointment_at: wish.appointmentAt ?? null,
    counts_from: null,
    preferred_staff_id: preferredStaffId,
    preferred_until: await preferredUntil(work, preferredStaffId, inForce),
    queue_id: wish.passed?.to?.is === 'queue' ? wish.passed.to.queueId : '',
    left_queues: [],
    rules_version: inForce.version,
    lanes: [],
    step: 0,
    lane: null,
    head_start: 0,
    due_at: null,
    goal_ms: 0,
    made_at: work.now,
    offers: 0,
    promised_at: null,
    promised_from_ms: null,
    promised_to_ms: null,
    overdue_since: null,
    waits_on_since: null,
    call_back_until: null,
  };
}

/** See `Queue` for each one's contract. */
export function createTickets({ places, rules }: { places: Places; rules: Pick<RulesInForce, 'inForce'> }): Tickets {
  /** A customer who was to be called is here: the ticket goes on where it was. */
  const resume = async (work: Work, id: string, kioskId: string) => {
    const ticket = await changeTicket(work.tx, id, {
      from: ['call-back'],
      set: { state: 'waiting', kiosk_id: kioskId, absent_since: null, call_back_until: null, due_at: work.now },
    });
    if (!ticket) return false;
    work.record({ kind: 'queue.returned', about: aboutTicket(ticket) });
    return true;
  };

  return {
    async join(work, wish) {
      const kept = await keptTicketOfCase(work.tx, wish.caseId);
      if (kept) {
        // The kept time may be over in this very moment: then it is a new ticket.
        const goesOn = kept.state !== 'call-back' || (await resume(work, kept.id, wish.kioskId));
        if (goesOn) return { ticketId: kept.id };
      }
      const inForce = await rules.inForce(work.tx);
      const ticket = await newTicket(work, wish, inForce);
      const [placed] = await places.placesOf(work.tx, [ticket], { inForce, now: work.now });
      if (!placed) throw new Error('a ticket has no place');
      // Looked at once more at the next look: staffing and rules may change while this is not yet to be seen.
      await insertTicket(work.tx, { ...ticket, ...placed.set, due_at: work.now });
      const fact: QueueFact = {
        kind: 'queue.joined',
        about: aboutTicket(ticket),
        data: {
          serviceId: wish.serviceId,
          queueId: placed.set.queue_id,
          headStart: placed.set.head_start,
          keptMs: work.now - ticket.joined_at,
          ...(wish.passed?.to ? { passedTo: nameOf(wish.passed.to) } : {}),
        },
      };
      work.record(fact);
      places.tellOverflows(work, { ...placed, ticket });
      return { ticketId: ticket.id };
    },

    async leave(work, caseId, reason) {
      const ticket = await keptTicketOfCase(work.tx, caseId);
      if (ticket) await withdrawTicket(work, ticket, { state: 'left', reason });
    },

    async waitOn(work, caseId) {
      const ticket = await keptTicketOfCase(work.tx, caseId);
      if (!ticket || ticket.state === 'call-back') throw new Refusal('not-found', 'the case does not wait');
      if (ticket.overdue_since === null) return;
      await changeTicket(work.tx, ticket.id, {
        from: ['waiting', 'offered'],
        set: { waits_on_since: work.now, overdue_since: null, due_at: work.now },
      });
      const fact: QueueFact = {
        kind: 'queue.waits-on',
        about: aboutTicket(ticket),
        data: { waitedMs: Math.max(0, work.now - ticket.joined_at) },
      };
      work.record(fact);
    },

    async callBack(work, { caseId, until }) {
      const before = await keptTicketOfCase(work.tx, caseId);
      const ticket =
        before &&
        (await changeTicket(work.tx, before.id, {
          from: ['waiting'],
          set: { state: 'call-back', call_back_until: until, overdue_since: null },
        }));
      if (!ticket) throw new Refusal('wrong-state', 'an agent is coming, or the case does not wait');
      work.record({ kind: 'queue.call-back', about: aboutTicket(ticket), data: { keptUntil: until } });
      return { ticketId: ticket.id };
    },

    async expireCallBacks(work) {
      const over = await callBacksOver(work.tx, work.now);
      for (const ticket of over)
        await withdrawTicket(work, ticket, { state: 'abandoned', reason: 'call-back-expired' });
      return over.map((ticket) => ticket.case_id);
    },
  };
}
