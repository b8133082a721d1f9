import { CallId, type CallView, CaseId, type ParticipantId, StaffId } from '@openvtm/protocol';
import type { Remote } from '@openvtm/rtc/call';
import { describe, expect, test } from 'vitest';
import { comings, isOpenTo, peopleOf, seat, type Tiles } from './people.ts';

const uuid = (n: number) => `6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e0${n}`;
const callId = CallId.parse(uuid(1));
const agent = StaffId.parse(uuid(2));
const expertId = StaffId.parse(uuid(3));
const boss = StaffId.parse(uuid(4));
type Participant = CallView['participants'][number];
const one = (id: ParticipantId, role: Participant['role'], more: Partial<Participant> = {}): Participant => ({
  id,
  role,
  mode: 'joined',
  name: `${role} ${id}`,
  here: true,
  lostSince: null,
  ...more,
});
const customer = one('customer', 'customer');
const call = (...participants: Participant[]): CallView => ({
  callId,
  caseId: CaseId.parse(uuid(9)),
  startedAt: 1,
  held: null,
  participants: [customer, ...participants],
  invitations: [],
  passedOn: null,
  supervised: false,
  until: null,
  escalated: null,
});
const track = (name: string) => ({ id: name }) as MediaStreamTrack;
const remote = (participant: ParticipantId, more: Partial<Remote> = {}): Remote => ({
  callId,
  participant,
  screen: null,
  document: null,
  camera: track(`${participant} camera`),
  microphone: track(`${participant} microphone`),
  ...more,
});

describe('who is on the picture', () => {
  test('is whoever comes first, until the call says who it is', () => {
    expect(peopleOf(null, [])).toMatchObject([{ id: null, camera: null, microphone: null }]);
    const [first] = [remote(agent)];
    expect(peopleOf(null, [first])).toMatchObject([{ id: null, camera: first.camera, microphone: first.microphone }]);
  });

  test('is who has the lead, then the others as they joined, each with their own tracks', () => {
    const people = peopleOf(call(one(expertId, 'expert'), one(agent, 'agent'), one(boss, 'supervisor')), [
      remote(expertId),
      remote(agent, { microphone: null }),
      remote(boss, { callId: CallId.parse(uuid(8)) }),
    ]);
    expect(people.map(({ id, camera, microphone }) => [id, camera?.id, microphone?.id])).toEqual([
      [agent, `${agent} camera`, undefined],
      [expertId, `${expertId} camera`, `${expertId} microphone`],
      [boss, undefined, undefined],
    ]);
  });

  test('is nobody who only listens or whispers', () => {
    const people = peopleOf(call(one(agent, 'agent'), one(boss, 'supervisor', { mode: 'listening' })), [remote(boss)]);
    expect(people.map(({ id }) => id)).toEqual([agent]);
  });
});

describe('what is said of who comes and goes', () => {
  const alone = call(one(agent, 'agent'));

  test('is nothing when a call begins, ends, or is as it was', () => {
    expect(comings(null, alone)).toEqual([]);
    expect(comings(alone, null)).toEqual([]);
    expect(comings(alone, call(one(agent, 'agent', { here: false })))).toEqual([]);
    expect(comings(alone, { ...call(one(expertId, 'agent')), callId: CallId.parse(uuid(7)) })).toEqual([]);
  });

  test('is who joined and who left', () => {
    const two = call(one(agent, 'agent'), one(expertId, 'expert'));
    expect(comings(alone, two)).toMatchObject([{ is: 'joined', role: 'expert' }]);
    expect(comings(two, alone)).toMatchObject([{ is: 'left', role: 'expert' }]);
  });

  test('is who has the lead now, whether the one before stays or goes', () => {
    const two = call(one(agent, 'agent'), one(expertId, 'expert'));
    const passed = call(one(agent, 'expert'), one(expertId, 'agent'));
    expect(comings(two, passed)).toMatchObject([{ is: 'leads', name: `agent ${expertId}` }]);
    expect(comings(alone, call(one(boss, 'agent')))).toMatchObject([
      { is: 'left', name: `agent ${agent}` },
      { is: 'leads', name: `agent ${boss}` },
    ]);
  });
});

test('the customer is seen and heard in a call that does not hold', () => {
  expect(isOpenTo(null)).toBe(false);
  expect(isOpenTo(call(one(agent, 'agent')))).toBe(true);
  expect(isOpenTo({ held: { since: 1 } })).toBe(false);
});

describe('tiles', () => {
  const [lead, expert] = [one(agent, 'agent'), one(expertId, 'expert')];
  const seated = (before: Tiles, ...participants: Participant[]) => seat(before, peopleOf(call(...participants), []));
  const answered = seat(new Map(), peopleOf(null, []));

  test('stay with who has them when another gets the lead, and when who had it goes', () => {
    const three = seated(answered, lead, expert);
    expect([...three]).toEqual([
      [agent, 0],
      [expertId, 1],
    ]);
    const passed = seated(three, one(agent, 'expert'), one(expertId, 'agent'));
    expect(new Map(passed)).toEqual(new Map(three));
    const alone = seated(passed, one(expertId, 'agent'));
    expect([...alone]).toEqual([[expertId, 1]]);
    // Who comes next takes what is free.
    expect(seated(alone, one(expertId, 'agent'), one(boss, 'supervisor')).get(boss)).toBe(0);
  });

  test('of who answered is that of the lead, as soon as it is known who that is', () => {
    expect([...answered]).toEqual([[null, 0]]);
    expect(seated(answered, expert, lead).get(agent)).toBe(0);
    expect(seated(answered, expert, lead).get(expertId)).toBe(1);
  });
});
