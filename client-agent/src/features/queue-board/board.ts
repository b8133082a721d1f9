import type { BoardAgent, BoardQueue, BoardTicket, QueueBoard, QueueFigures } from '@openvtm/protocol';

/** Twice the pace of reading, and some for the way: older than this is not what is. */
const STALE_MS = 12_000;

/** How long ago the board was read, if that is too long; otherwise null. Pure. */
export const staleFor = ({ now: read }: Pick<QueueBoard, 'now'>, now: number): number | null =>
  now - read > STALE_MS ? now - read : null;

/** Of a hundred first waits told to customers who were answered, how many held; null: none was told. Pure. */
export const heldShare = ({ told, held }: Pick<QueueFigures, 'told' | 'held'>): number | null =>
  told === 0 ? null : Math.round((held / told) * 100);

/** Whether somebody has waited longer than the queue's goal. Pure. */
export const isLate = (
  { longestSince, serviceLevelSeconds }: Pick<BoardQueue, 'longestSince' | 'serviceLevelSeconds'>,
  now: number,
): boolean => longestSince !== null && now - longestSince > serviceLevelSeconds * 1000;

/** Since when the one waits who waits longest of all queues. Pure. */
export function longestOf(queues: readonly Pick<BoardQueue, 'longestSince'>[]): number | null {
  const all = queues.flatMap(({ longestSince }) => longestSince ?? []);
  return all.length === 0 ? null : Math.min(...all);
}

/** Tickets of a queue (null: of all) with their place in the order of serving. Pure. */
export const ticketsOf = (tickets: readonly BoardTicket[], queueId: string | null) =>
  tickets
    .map((ticket, i) => ({ ...ticket, place: i + 1 }))
    .filter((ticket) => queueId === null || ticket.queueId === queueId);

/** All scores grow by a point a second, so the newest can be told between two readings. Pure. */
export const scoreNow = ({ score }: Pick<BoardTicket, 'score'>, readAt: number, now: number): number =>
  Math.floor(score + Math.max(0, now - readAt) / 1000);

const ORDER: BoardAgent['at'][] = ['ready', 'offered', 'in-call', 'hold', 'helping', 'wrap-up', 'break'];
/** Who is free first, and of each state who has been in it longest. Pure. */
export const agentsInOrder = (agents: readonly BoardAgent[]): BoardAgent[] =>
  agents.toSorted((a, b) => ORDER.indexOf(a.at) - ORDER.indexOf(b.at) || a.since - b.since);
