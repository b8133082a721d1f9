import { CallId, type CallView, CaseId, type ParticipantId, StaffId } from '@openvtm/protocol';
import type { Remote } from '@openvtm/rtc/call';
import { describe, expect, it } from 'vitest';
import { colleaguesIn, heardCall, leadOf, myself, voicesOf } from './people.ts';

const uuid = (n: number) => `6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e0${n}`;
const [one, two, three] = [1, 2, 3].map((n) => CallId.parse(uuid(n)));
const agent = StaffId.parse(uuid(4));
const expert = StaffId.parse(uuid(5));
const boss = StaffId.parse(uuid(6));
const as = (id: ParticipantId, role: CallView['participants'][number]['role']): CallView['participants'][number] => ({
  id,
  role,
  mode: 'joined',
  name: role,
  here: true,
  lostSince: null,
});
const call: CallView = {
  callId: one!,
  caseId: CaseId.parse(uuid(9)),
  startedAt: 1,
  held: null,
  participants: [as('customer', 'customer'), as(expert, 'expert'), as(boss, 'supervisor'), as(agent, 'agent')],
  invitations: [],
  passedOn: null,
  supervised: false,
  until: null,
  escalated: null,
};
const remote = (callId: CallId, participant: ParticipantId, sound = true): Remote => ({
  callId,
  participant,
  camera: null,
  screen: null,
  document: null,
  microphone: sound ? ({ id: participant } as MediaStreamTrack) : null,
});

describe('who is in a call beside oneself', () => {
  it('is the staff, who has the lead first, without the customer and oneself', () => {
    expect(colleaguesIn(call, boss).map(({ id }) => id)).toEqual([agent, expert]);
    expect(colleaguesIn(call, null).map(({ id }) => id)).toEqual([agent, expert, boss]);
    expect(myself(call, boss)?.role).toBe('supervisor');
    expect(myself(call, null)).toBeNull();
    expect(leadOf(call)?.id).toBe(agent);
  });
});

describe('what is heard', () => {
  const attending = [{ callId: two! }, { callId: three! }];

  it('is the chosen one of the attended calls, or the latest', () => {
    expect(heardCall(attending, three!)).toBe(three);
    expect(heardCall(attending, one!)).toBe(two);
    expect(heardCall([], three!)).toBeNull();
  });

  it('is everybody in one attended call and in the own one, and nobody of the other attended ones', () => {
    const remotes = [
      remote(one!, 'customer'),
      remote(two!, 'customer'),
      remote(two!, agent),
      remote(three!, 'customer'),
      remote(three!, agent, false),
    ];
    const heard = (chosen: CallId | null) => voicesOf(remotes, { attending, chosen }).map(({ key }) => key);
    expect(heard(null)).toEqual([`${one} customer`, `${two} customer`, `${two} ${agent}`]);
    expect(heard(three!)).toEqual([`${one} customer`, `${three} customer`]);
  });
});
