import { CallId, type CallView, CaseId, StaffId } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { lostFor } from './hold.ts';

const call = (customer: { here: boolean; lostSince: number | null }): CallView => ({
  callId: CallId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01'),
  caseId: CaseId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e02'),
  startedAt: 1,
  held: null,
  invitations: [],
  passedOn: null,
  supervised: false,
  until: null,
  escalated: null,
  participants: [
    {
      id: StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e03'),
      role: 'agent',
      mode: 'joined',
      name: '李娜',
      here: true,
      lostSince: null,
    },
    { id: 'customer', role: 'customer', mode: 'joined', name: '客户', ...customer },
  ],
});

it('counts from the moment the customer was lost', () => {
  expect(lostFor(call({ here: false, lostSince: 10_000 }), 42_000)).toBe(32_000);
});

it('is silent while the customer is there, or there is no call', () => {
  expect(lostFor(call({ here: true, lostSince: null }), 42_000)).toBeNull();
  expect(lostFor(null, 42_000)).toBeNull();
});

it('never counts backwards', () => {
  expect(lostFor(call({ here: false, lostSince: 50_000 }), 42_000)).toBe(0);
  expect(lostFor(call({ here: false, lostSince: null }), 42_000)).toBe(0);
});
