import { expect, test } from 'vitest';
import type { AgentCandidate, TicketCandidate } from './candidates.store.ts';
import { planOffers } from './plan-offers.ts';

const STRICT = 1;
const LOOSE = 2;
/** Kind 10 fulfils both steps, kind 20 the looser one only. */
const serves = (lane: number, kind: number) => kind === 10 || lane === LOOSE;
const ticket = (id: string, rank: number, more: Partial<TicketCandidate> = {}): TicketCandidate => ({
  id,
  rank,
  lane: LOOSE,
  lanes: [STRICT, LOOSE],
  step: 1,
  preferred: null,
  ...more,
});
const agent = (id: string, kind: number, idle: number): AgentCandidate => ({ id, kind, idle_since: idle });
const plan = (
  tickets: TicketCandidate[],
  agents: AgentCandidate[],
  { backOffs = [] as { ticket_id: string; staff_id: string }[], most = 10 } = {},
) =>
  planOffers({ tickets, agents, backOffs }, { most, serves }).map((pair) => [pair.ticket.id, pair.agent.id, pair.fits]);

test('the best score first; of its agents the strictest step, then the longest idle, then the id', () => {
  const agents = [agent('a', 20, 1), agent('b', 10, 5), agent('c', 10, 3), agent('d', 10, 3)];
  expect(plan([ticket('later', 2), ticket('first', 1)], agents)).toEqual([
    ['first', 'c', 0],
    ['later', 'd', 0],
  ]);
  expect(plan([ticket('x', 1), ticket('y', 2), ticket('z', 3)], agents)[2]).toEqual(['z', 'b', 0]);
});

test('who does not fulfil the step in force is not asked', () => {
  const strict = ticket('strict', 1, { step: 0, lane: STRICT });
  expect(plan([strict], [agent('a', 20, 1)])).toEqual([]);
  expect(plan([strict, ticket('loose', 2)], [agent('a', 20, 1)])).toEqual([['loose', 'a', 1]]);
});

test('an agent who has just declined a ticket is asked for the next one', () => {
  const backOffs = [{ ticket_id: 'first', staff_id: 'a' }];
  expect(plan([ticket('first', 1), ticket('next', 2)], [agent('a', 10, 1)], { backOffs })).toEqual([['next', 'a', 0]]);
});

test('a ticket that is held for an agent is for that one alone', () => {
  const held = ticket('held', 1, { preferred: 'mine' });
  expect(plan([held], [agent('a', 10, 1)])).toEqual([]);
  expect(plan([held, ticket('next', 2)], [agent('a', 10, 1), agent('mine', 10, 9)])).toEqual([
    ['held', 'mine', null],
    ['next', 'a', 0],
  ]);
});

test('no more than are wanted, and none without agents or tickets', () => {
  const tickets = Array.from({ length: 5 }, (_, i) => ticket(String(i), i));
  const agents = Array.from({ length: 5 }, (_, i) => agent(`a${i}`, 10, i));
  expect(plan(tickets, agents, { most: 2 })).toHaveLength(2);
  expect(plan([], agents)).toEqual([]);
  expect(plan(tickets, [])).toEqual([]);
});
