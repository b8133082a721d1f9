import type { Language, QueueFigures, Text } from '@openvtm/protocol';
import type { Database } from '../../kernel/db.ts';
import { signedOn, type AgentAt } from './agents.store.ts';
import {
  agentsForLanes,
  boardFigures,
  dutySince,
  figuresSince,
  firstTickets,
  lanesOfQueue,
  waitingByQueue,
  type FiguresRow,
} from './figures.store.ts';
import { nextOpening, isOpen, midnightBefore } from './hours.ts';
import type { Queue } from './index.ts';
import type { RulesInForce } from './rules-in-force.ts';

type BoardPart = Pick<Queue, 'board' | 'figures' | 'queueBoard'>;

const MOST_TICKETS = 200;
const MOST_AGENTS = 500;

export type BoardRead = {
  now: number;
  queues: {
    queueId: string;
    title: Text;
    closed: { opensAt: number | null } | null;
    waiting: number;
    longestSince: number | null;
    free: number;
    onDuty: number;
    serviceLevelSeconds: number;
    today: QueueFigures;
  }[];
  all: QueueFigures;
  occupancy: number | null;
  tickets: {
    ticketId: string;
    queueId: string;
    serviceId: string;
    kioskId: string;
    joinedAt: number;
    at: 'waiting' | 'coming' | 'call-back';
    score: number;
    absent: boolean;
  }[];
  waiting: number;
  agents: {
    staffId: string;
    at: AgentAt;
    since: number;
    reason: string | null;
    skills: Record<string, number>;
    languages: Language[];
    absent: boolean;
  }[];
  signedOn: number;
};

const percent = (part: number, of: number): number | null => (of === 0 ? null : Math.round((part / of) * 1000) / 10);
const seconds = (ms: number | string | null): number => Math.max(0, Math.round(Number(ms ?? 0) / 1000));

/** SL of those answered, SL2 of those answered or given up, as Asterisk's queue log counts them. */
const figuresOf = (row: FiguresRow | undefined): QueueFigures => {
  const { answered = 0, abandoned = 0, answered_in_time: soon = 0, abandoned_in_time: soonGone = 0 } = row ?? {};
  return {
    came: row?.came ?? 0,
    answered,
    abandoned,
    callBacks: row?.call_backs ?? 0,
    meanWait: seconds(row?.mean_wait_ms ?? null),
    p90Wait: seconds(row?.p90_wait_ms ?? null),
    sl: percent(soon, answered),
    sl2: percent(soon + soonGone, answered + abandoned),
    abandonedShare: percent(abandoned, answered + abandoned),
    reOffers: Number(row?.re_offers ?? 0),
    told: row?.told ?? 0,
    held: row?.held ?? 0,
  };
};

/** See `Queue` for each one's contract. */
export function createBoard(needs: { database: Database; rules: RulesInForce; clock: () => number }): BoardPart {
  const { database, rules, clock } = needs;

  const today = async () => {
    const now = clock();
    const { timeZone } = (await rules.inForce(database)).rules;
    return { now, since: midnightBefore(now, timeZone) };
  };

  const figures = async () => {
    const { now, since } = await today();
    const rows = await figuresSince(database, since);
    const { onDutyMs, busyMs } = await dutySince(database, { since, now });
    return {
      all: figuresOf(rows.find(({ queue_id: id }) => id === null)),
      queues: new Map(rows.flatMap((row) => (row.queue_id === null ? [] : [[row.queue_id, figuresOf(row)] as const]))),
      occupancy: percent(busyMs, onDutyMs),
    };
  };

  return {
    async board() {
      const figures = await boardFigures(database);
      return {
        waiting: figures.waiting,
        longestWaitSince: figures.since,
        ready: figures.ready,
        inCall: figures.in_call,
      };
    },

    figures,

    async queueBoard() {
      const { now, since } = await today();
      const all = (await rules.inForce(database)).rules;
      const [became, waiting, tickets, agents, hall] = await Promise.all([
        figures(),
        waitingByQueue(database),
        firstTickets(database, MOST_TICKETS),
        signedOn(database, MOST_AGENTS),
        boardFigures(database),
      ]);
      const queues = await Promise.all(
        all.queues.map(async (queue) => {
          const here = waiting.find(({ queue_id: id }) => id === queue.id);
          const lanes = await lanesOfQueue(database, queue.id, since);
          return {
            queueId: queue.id,
            title: queue.title,
            closed: isOpen(queue, all.timeZone, now) ? null : { opensAt: nextOpening(queue, all.timeZone, now) },
            waiting: here?.waiting ?? 0,
            longestSince: here?.since ?? null,
            ...(await agentsForLanes(database, lanes)),
            serviceLevelSeconds: queue.serviceLevelSeconds,
            today: became.queues.get(queue.id) ?? figuresOf(undefined),
          };
        }),
      );
      return {
        now,
        queues,
        all: became.all,
        occupancy: became.occupancy,
        tickets: tickets.map((ticket) => ({
          ticketId: ticket.id,
          queueId: ticket.queue_id,
          serviceId: ticket.service_id,
          kioskId: ticket.kiosk_id,
          joinedAt: ticket.joined_at,
          at: ticket.state === 'offered' ? 'coming' : ticket.state,
          score: Math.round((now - ticket.rank) / 100) / 10,
          absent: ticket.absent_since !== null,
        })),
        waiting: hall.waiting,
        agents: agents.map((agent) => ({
          staffId: agent.staff_id,
          at: agent.state,
          since: agent.since,
          reason: agent.reason,
          skills: agent.skills,
          languages: agent.languages,
          absent: agent.absent_since !== null,
        })),
        signedOn: hall.signed_on,
      };
    },
  };
}
