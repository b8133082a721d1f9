import { type AgentState, CallId, OfferId, type OfferView, TicketId } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { offerEnd } from './answer.ts';

const offerId = OfferId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01');
const callId = CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02');
const text = { 'zh-CN': '字', en: 'word' };
const offer: OfferView = {
  offerId,
  callId,
  madeAt: 1,
  deadline: 2,
  waitedMs: 3,
  service: { title: text, icon: 'card' },
  kiosk: { name: 'K1', branch: text },
  language: 'zh-CN',
  print: 'normal',
  booked: null,
  why: null,
  ticketId: TicketId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e03'),
  known: [],
  passedOn: null,
  escalated: null,
};
const offered: AgentState = { at: 'offered', since: 1, offer };
const ready: AgentState = { at: 'ready', since: 2 };

it('says that a customer went away, when the agent did nothing', () => {
  expect(offerEnd(offered, ready, null)).toBe('withdrawn');
  expect(offerEnd(offered, ready, { offerId, how: 'accept' })).toBe('withdrawn');
  expect(offerEnd(offered, { ...offered, offer: { ...offer, offerId: OfferId.parse(callId) } }, null)).toBe(
    'withdrawn',
  );
});

it('says that it was given back, when the agent declined', () => {
  expect(offerEnd(offered, ready, { offerId, how: 'decline' })).toBe('declined');
  expect(offerEnd(offered, { at: 'break', since: 2, reason: 'break' }, { offerId, how: 'decline' })).toBe('declined');
});

it('has nothing to say about a call, a missed offer, or a change of another kind', () => {
  expect(offerEnd(offered, { at: 'in-call', since: 2, callId }, null)).toBeNull();
  expect(offerEnd(offered, { at: 'helping', since: 2, callId }, null)).toBeNull();
  expect(offerEnd(offered, { at: 'break', since: 2, reason: 'missed-offer' }, null)).toBeNull();
  expect(offerEnd(offered, offered, null)).toBeNull();
  expect(offerEnd(ready, { at: 'break', since: 2, reason: 'meal' }, null)).toBeNull();
  expect(offerEnd(null, ready, null)).toBeNull();
});
