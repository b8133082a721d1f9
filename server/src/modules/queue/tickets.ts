import { randomUUID } from 'node:crypto';
import type { CaseId, TicketId, TicketView } from '@openvtm/protocol';
import type { Database, Queryable } from '../../kernel/db.ts';
import type { Work } from '../../kernel/work.ts';
import type { Queue } from './index.ts';
import type { QueueFact } from './queue-facts.ts';
import { appointmentRule } from './appointment-rule.ts';
import { waitRange } from './queue-rules.ts';
import { aboutTicket, withdrawTicket } from './ticket-ends.ts';
import {
  boardFigures,
  insertTicket,
  openTicketOfCase,
  openTicketOfKiosk,
  standing,
  waitingKiosks,
  type TicketRow,
} from './queue.store.ts';

type Tickets = Pick<Queue, 'join' | 'leave' | 'ticketView' | 'waitingKiosks' | 'board'>;

/** What the rule gives to a ticket with an appointment, for its customer to read. */
async function bookedOf(reader: Queryable, ticket: TicketRow): Promise<TicketView['booked']> {
  if (ticket.appointment_at === null || ticket.counts_from === null) return null;
  const minutes = Math.round((ticket.head_start || (await appointmentRule(reader)).headStart / 1000) / 60);
  return { from: ticket.counts_from, minutes, counts: ticket.head_start > 0 };
}

/** From when an appointment counts, and what it counts now; null for who has none, or came too late for it. */
async function appointmentOf(work: Work, appointmentAt: number | null, joinedAt: number) {
  if (appointmentAt === null) return { countsFrom: null, headStart: 0 };
  const rule = await appointmentRule(work.tx);
  if (joinedAt > appointmentAt + rule.late) return { countsFrom: null, headStart: 0 };
  const countsFrom = appointmentAt - rule.early;
  return { countsFrom, headStart: work.now >= countsFrom ? rule.headStart / 1000 : 0 };
}

/** See `Queue` for each one's contract. */
export function createTickets({ database }: { database: Database }): Tickets {
  return {
    async join(work, wish) {
      const open = await openTicketOfCase(work.tx, wish.caseId);
      if (open) return { ticketId: open.id };
      const joinedAt = Math.min(wish.joinedAt ?? work.now, work.now);
      const { countsFrom, headStart } = await appointmentOf(work, wish.appointmentAt ?? null, joinedAt);
      const ticket: TicketRow = {
        id: randomUUID(),
        case_id: wish.caseId,
        kiosk_id: wish.kioskId,
        service_id: wish.serviceId,
        skills: wish.skills,
        language: wish.language,
        minutes: wish.minutes,
        state: 'waiting',
        joined_at: joinedAt,
        absent_since: null,
        ended_at: null,
        end_reason: null,
        branch_id: wish.branchId ?? null,
        family: wish.family ?? 'teller',
        priority: wish.priority ?? 3,
        vip: wish.vip ?? false,
        elder: wish.elder ?? false,
        hand_back: wish.handBack ?? false,
        appointment_at: wish.appointmentAt ?? null,
        preferred_staff_id: wish.preferredStaffId ?? null,
        preferred_until: null,
        made_at: work.now,
        counts_from: countsFrom,
        head_start: headStart,
      };
      await insertTicket(work.tx, ticket);
      const fact: QueueFact = { kind: 'queue.joined', about: aboutTicket(ticket), data: { serviceId: wish.serviceId } };
      work.record(fact);
      return { ticketId: ticket.id };
    },

    async leave(work, caseId, reason) {
      const ticket = await openTicketOfCase(work.tx, caseId);
      if (ticket) await withdrawTicket(work, ticket, { state: 'left', reason });
    },

    async ticketView(kioskId) {
      const ticket = await openTicketOfKiosk(database, kioskId);
      if (!ticket) return null;
      const { ahead, on_duty: onDuty, free } = await standing(database, ticket);
      return {
        ticketId: ticket.id as TicketId,
        caseId: ticket.case_id as CaseId,
        joinedAt: ticket.joined_at,
        at: ticket.state === 'offered' ? 'coming' : 'waiting',
        position: ahead + 1,
        wait: waitRange({ ahead, onDuty, free, minutes: ticket.minutes }),
        booked: await bookedOf(database, ticket),
      };
    },

    waitingKiosks: async () => (await waitingKiosks(database)).map((row) => row.kiosk_id),

    async board() {
      const figures = await boardFigures(database);
      return {
        waiting: figures.waiting,
        longestWaitSince: figures.since,
        ready: figures.ready,
        inCall: figures.in_call,
      };
    },
  };
}
