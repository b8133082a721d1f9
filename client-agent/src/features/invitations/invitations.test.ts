import { CallId, type CallView, type Colleague, InvitationId, type InvitationView, StaffId } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { findColleagues, inOrder, longestLeft, mayInvite, openFor, secondsLeft, stepThrough } from './invitations.ts';

type Sent = CallView['invitations'][number];
const sent = (n: number, change: Partial<Sent> = {}): Sent => ({
  invitationId: InvitationId.parse(`6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e0${n}`),
  by: '李娜',
  to: '王强',
  madeAt: n * 1_000,
  deadline: n * 1_000 + 45_000,
  state: 'open',
  ...change,
});

it('counts down to nothing, and not further', () => {
  expect(secondsLeft({ deadline: 10_000 }, 1)).toBe(10);
  expect(secondsLeft({ deadline: 10_000 }, 9_999)).toBe(1);
  expect(secondsLeft({ deadline: 10_000 }, 10_000)).toBe(0);
  expect(secondsLeft({ deadline: 10_000 }, 99_000)).toBe(0);
  expect(longestLeft([sent(1), sent(3), sent(9, { state: 'declined' })], 3_000)).toBe(45);
  expect(longestLeft([sent(1, { state: 'expired' })], 3_000)).toBeNull();
});

it('asks only who is not in the call, while there is time', () => {
  const one = (n: number, deadline: number) =>
    ({ callId: CallId.parse(`6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e0${n}`), deadline }) as InvitationView;
  const all = [one(1, 9_000), one(2, 5_000), one(3, 9_000)];
  const asked = openFor(all, { now: 6_000, joined: new Set([all[2]!.callId]) });
  expect(asked).toEqual([all[0]]);
});

it('lets one of each kind be open', () => {
  expect(mayInvite([], 'help')).toBe(true);
  expect(mayInvite([sent(1, { to: null })], 'help')).toBe(false);
  expect(mayInvite([sent(1, { to: null })], 'expert')).toBe(true);
  expect(mayInvite([sent(1)], 'expert')).toBe(false);
  expect(mayInvite([sent(1, { state: 'declined' }), sent(2, { to: null, state: 'expired' })], 'expert')).toBe(true);
});

it('shows open ones before what came to nothing, the latest first', () => {
  const all = [sent(1), sent(2, { state: 'declined' }), sent(3, { state: 'expired' }), sent(4)];
  expect(inOrder(all).map(({ madeAt }) => madeAt / 1_000)).toEqual([4, 1, 3, 2]);
});

it('finds colleagues by any of what is said of them', () => {
  const one = (name: string): Colleague => ({
    staffId: StaffId.parse('6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e01'),
    name,
    skills: {},
    languages: [],
  });
  const all = [one('王强 Cards'), one('Emma Accounts'), one('李娜 Cards English')];
  const find = (words: string) => findColleagues(all, words, ({ name }) => name).map(({ name }) => name);
  expect(find('')).toHaveLength(3);
  expect(find(' cards ')).toEqual(['王强 Cards', '李娜 Cards English']);
  expect(find('eng card')).toEqual(['李娜 Cards English']);
  expect(find('nobody')).toEqual([]);
});

it('goes round a list by arrow keys', () => {
  expect(stepThrough(-1, 1, 3)).toBe(0);
  expect(stepThrough(-1, -1, 3)).toBe(2);
  expect(stepThrough(2, 1, 3)).toBe(0);
  expect(stepThrough(0, -1, 3)).toBe(2);
  expect(stepThrough(-1, 1, 0)).toBe(-1);
});
