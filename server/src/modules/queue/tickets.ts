import { randomUUID } from 'node:crypto';
import type { CaseId, TicketId } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import type { Queue } from './index.ts';
import type { QueueFact } from './queue-facts.ts';
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

/** See `Queue` for each one's contract. */
export function createTickets({ database }: { database: Database }): Tickets {
  return {
    async join(work, wish) {
      const open = await openTicketOfCase(work.tx, wish.caseId);
      if (open) return { ticketId: open.id };
      const ticket: TicketRow = {
        id: randomUUID(),
        case_id: wish.caseId,
        kiosk_id: wish.kioskId,
        service_id: wish.serviceId,
        skills: wish.skills,
        language: wish.language,
        minutes: wish.minutes,
        state: 'waiting',
        joined_at: work.now,
        absent_since: null,
        ended_at: null,
        end_reason: null,
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
