import type { CaseId, TicketId, TicketView, WaitChoice } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { handlingSince } from './figures.store.ts';
import type { Queue } from './index.ts';
import { titleOf } from './passing.ts';
import { queueOf, shutOf } from './routing.ts';
import type { InForce, RulesInForce } from './rules-in-force.ts';
import {
  callBackTickets,
  keepPromise,
  openTicketOfKiosk,
  standing,
  waitingKiosks,
  type TicketRow,
} from './tickets.store.ts';
import { createTold, waitRange, type Handling } from './wait-range.ts';

type Waits = Pick<Queue, 'ticketView' | 'waitingKiosks' | 'callBacks'>;

const MINUTE_MS = 60_000;
const LOOK_BACK_MS = 30 * 86_400_000;
/** Handling times of a month don't change by the minute. */
const KEEP_MS = 10 * MINUTE_MS;
/** Fewer calls tell less than the service's own minutes do. */
const ENOUGH_CALLS = 20;
/** Of call times in general, until there are enough of one's own: a bit less than exponential ones. */
const USUAL_SPREAD = 0.8;

/** How long a family's calls take, from the last month, or as its service says. */
function createHandling({ database }: { database: Database }) {
  let kept: { at: number; families: Promise<Map<string, Handling>> } | null = null;
  const read = async (now: number) => {
    const rows = await handlingSince(database, now - LOOK_BACK_MS);
    return new Map(
      rows
        .filter(({ calls, mean }) => calls >= ENOUGH_CALLS && mean > 0)
        .map(({ family, mean, deviation }) => [family, { meanMs: mean, spread: (deviation ?? 0) / mean }]),
    );
  };
  return async ({ family, minutes }: TicketRow, now: number): Promise<Handling> => {
    if (!kept || now - kept.at > KEEP_MS || now < kept.at) {
      const families = read(now);
      kept = { at: now, families };
      families.catch(() => (kept = null));
    }
    return (await kept.families).get(family) ?? { meanMs: minutes * MINUTE_MS, spread: USUAL_SPREAD };
  };
}

/** See `Queue` for each one's contract. */
export function createWaits(needs: { database: Database; rules: RulesInForce; clock: () => number }): Waits {
  const { database, rules, clock } = needs;
  const handling = createHandling({ database });
  const told = createTold();

  /** What the rule gives to a ticket with an appointment, for its customer to read. */
  const bookedOf = ({ counts_from: from }: TicketRow, { rules: all }: InForce, now: number): TicketView['booked'] =>
    from === null ? null : { from, minutes: Math.round(all.weights.appointment / 60), counts: now >= from };

  return {
    async ticketView(kioskId, reader = database) {
      const ticket = await openTicketOfKiosk(reader, kioskId);
      if (!ticket) return null;
      const now = clock();
      const inForce = await rules.inForce(reader);
      const queue = queueOf(inForce.rules, ticket.queue_id) ?? inForce.rules.queues[0];
      if (!queue) throw new Error('rules without a queue');
      const { ahead, onDuty, free } = await standing(reader, ticket);
      const shut = shutOf(inForce.rules, queue, { now, hasSomebody: onDuty > 0 });
      const range = shut ? null : waitRange({ ahead, onDuty, free }, await handling(ticket, now));
      const wait = told(ticket.id, range, now);
      if (wait && ticket.promised_at === null) await keepPromise(reader, ticket.id, { at: now, ...wait });
      const overdue = ticket.overdue_since !== null;
      const choices: WaitChoice[] =
        ticket.state === 'waiting' && (shut || overdue)
          ? queue.choices.filter((choice) => !(shut?.is === 'closed' && choice === 'wait-on'))
          : [];
      return {
        ticketId: ticket.id as TicketId,
        caseId: ticket.case_id as CaseId,
        joinedAt: ticket.joined_at,
        at: ticket.state === 'offered' ? 'coming' : 'waiting',
        position: ahead + 1,
        queue: queue.title,
        wait: wait && { from: wait.fromMs / MINUTE_MS, to: wait.toMs / MINUTE_MS },
        shut,
        overdue,
        choices,
        booked: bookedOf(ticket, inForce, now),
        passedOn: ticket.passed_on,
        passedTo: titleOf(inForce.rules, ticket.passed_to),
      };
    },

    waitingKiosks: async () => (await waitingKiosks(database)).map((row) => row.kiosk_id),

    async callBacks(branchId) {
      const tickets = await callBackTickets(database, branchId);
      return Promise.all(
        tickets.map(async (ticket) => {
          // While its queue was closed it had no lane; that of its step says who could take it.
          const lane = ticket.lane ?? ticket.lanes[ticket.step] ?? null;
          const { ahead, onDuty, free } = await standing(database, { ...ticket, lane });
          return {
            ticketId: ticket.id,
            caseId: ticket.case_id,
            kioskId: ticket.kiosk_id,
            serviceId: ticket.service_id,
            language: ticket.language,
            joinedAt: ticket.joined_at,
            keptUntil: ticket.call_back_until ?? clock(),
            ahead,
            due: onDuty > 0 && (ahead === 0 || free > ahead),
          };
        }),
      );
    },
  };
}
