import { expect, test } from 'vitest';
import { nextRing, type RingEvent, type RingState } from './ring-state.ts';

const ringing = { state: 'ringing' as const, deadline: 1_000 };
const EVENTS: RingEvent[] = [
  { is: 'answer', comes: true },
  { is: 'answer', comes: false },
  { is: 'taken' },
  { is: 'stop' },
  { is: 'tick' },
];

test('a ring is answered, taken from the kiosk, stopped, or goes on', () => {
  expect(EVENTS.map((event) => nextRing(ringing, event, 999))).toEqual([
    'came',
    'declined',
    'taken',
    'stopped',
    'ringing',
  ]);
});

test('at its deadline it is over, whoever answers then', () => {
  expect(EVENTS.map((event) => nextRing(ringing, event, 1_000))).toEqual(EVENTS.map(() => 'no-answer'));
});

test('what has ended stays so', () => {
  const ended: RingState[] = ['came', 'declined', 'no-answer', 'taken', 'stopped'];
  for (const state of ended)
    expect(EVENTS.map((event) => nextRing({ state, deadline: 1_000 }, event, 5))).toEqual(EVENTS.map(() => state));
});
