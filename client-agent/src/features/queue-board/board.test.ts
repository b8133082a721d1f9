import { type BoardAgent, type BoardTicket, StaffId, TicketId } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { agentsInOrder, heldShare, isLate, longestOf, scoreNow, staleFor, ticketsOf } from './board.ts';

const ticket = (queueId: string, score: number): BoardTicket => ({
  ticketId: TicketId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01'),
  queueId,
  service: { 'zh-CN': '业务', en: 'service' },
  kiosk: 'K1',
  joinedAt: 0,
  at: 'waiting',
  score,
  absent: false,
});

it('says when its figures are old', () => {
  expect(staleFor({ now: 1_000 }, 6_000)).toBeNull();
  expect(staleFor({ now: 1_000 }, 21_000)).toBe(20_000);
});

it('takes shares only of what there is', () => {
  expect(heldShare({ told: 0, held: 0 })).toBeNull();
  expect(heldShare({ told: 8, held: 7 })).toBe(88);
});

it('finds who has waited too long', () => {
  expect(isLate({ longestSince: null, serviceLevelSeconds: 30 }, 99_000)).toBe(false);
  expect(isLate({ longestSince: 0, serviceLevelSeconds: 30 }, 30_000)).toBe(false);
  expect(isLate({ longestSince: 0, serviceLevelSeconds: 30 }, 30_001)).toBe(true);
  expect(longestOf([{ longestSince: 7 }, { longestSince: null }, { longestSince: 3 }])).toBe(3);
  expect(longestOf([])).toBeNull();
});

it('keeps the place among all when one queue is looked at', () => {
  const tickets = [ticket('a', 300), ticket('b', 200), ticket('a', 100)];
  expect(ticketsOf(tickets, 'a').map(({ place }) => place)).toEqual([1, 3]);
  expect(ticketsOf(tickets, null)).toHaveLength(3);
});

it('lets scores grow by a point a second', () => {
  expect(scoreNow({ score: 61.4 }, 10_000, 13_000)).toBe(64);
  expect(scoreNow({ score: 61.4 }, 10_000, 9_000)).toBe(61);
});

it('shows who is free first', () => {
  const agent = (name: string, at: BoardAgent['at'], since: number): BoardAgent => ({
    staffId: StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01'),
    name,
    at,
    since,
    reason: null,
    skills: {},
    languages: [],
    absent: false,
  });
  const names = agentsInOrder([agent('a', 'break', 1), agent('b', 'ready', 9), agent('c', 'ready', 2)]);
  expect(names.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
});
