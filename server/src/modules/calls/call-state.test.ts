import { expect, test } from 'vitest';
import { nextCall, WAIT_FOR_LOST_MS, wasServed, type CallState } from './call-state.ts';

const active: CallState = { at: 'active', startedAt: 0, customerLostAt: null, agentLostAt: null, heldAt: null };

test('a lost participant is waited for 90 s, from the first loss on', () => {
  const lost = nextCall(active, { is: 'lost', who: 'customer' }, 1000);
  expect(nextCall(lost, { is: 'lost', who: 'customer' }, 50_000)).toEqual(lost);
  expect(nextCall(lost, { is: 'tick' }, 1000 + WAIT_FOR_LOST_MS - 1)).toEqual(lost);
  expect(nextCall(lost, { is: 'tick' }, 1000 + WAIT_FOR_LOST_MS)).toEqual({ at: 'ended', reason: 'customer-lost' });
});

test('who comes back in time is back', () => {
  const lost = nextCall(active, { is: 'lost', who: 'agent' }, 1000);
  const back = nextCall(lost, { is: 'back', who: 'agent' }, 2000);
  expect(back).toEqual(active);
  expect(nextCall(back, { is: 'tick' }, 1_000_000)).toEqual(active);
});

test('a clock that jumps back ends nothing', () => {
  const lost = nextCall(active, { is: 'lost', who: 'agent' }, 100_000);
  expect(nextCall(lost, { is: 'tick' }, 0)).toEqual(lost);
});

test('an ended call stays ended, with its first reason', () => {
  const ended = nextCall(active, { is: 'end', reason: 'customer-left' }, 5);
  expect(nextCall(ended, { is: 'end', reason: 'agent-ended' }, 6)).toEqual(ended);
  expect(nextCall(ended, { is: 'back', who: 'agent' }, 7)).toEqual(ended);
});

test('a call that broke on the side of the agent sends the customer back to the form, not to the rating', () => {
  expect(wasServed({ startedAt: 0, endedAt: 600_000, reason: 'agent-lost' })).toBe(false);
  expect(wasServed({ startedAt: 0, endedAt: 2_000, reason: 'customer-left' })).toBe(false);
  expect(wasServed({ startedAt: 0, endedAt: 2_000, reason: 'agent-ended' })).toBe(true);
  expect(wasServed({ startedAt: 0, endedAt: 60_000, reason: 'customer-left' })).toBe(true);
});
