import { ReviewAt } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { isOver, mayReview, nextReview, type ReviewEventName } from './review-state.ts';

it('is taken by one, put back, and decided by who has it only', () => {
  expect(nextReview('open', 'take', 'ahead')).toBe('taken');
  expect(nextReview('taken', 'take', 'ahead')).toBeNull();
  for (const event of ['accept', 'return', 'refuse', 'release', 'hand-on'] as const)
    expect(nextReview('open', event, 'ahead')).toBeNull();
  expect(nextReview('taken', 'release', 'second')).toBe('open');
  expect(nextReview('taken', 'hand-on', 'ahead')).toBe('open');
});

it('comes again when it was returned, and waits for second reviewers, when it was sent ahead', () => {
  expect(nextReview('returned', 'send-again', 'ahead')).toBe('open');
  expect(nextReview('taken', 'accept-but-second', 'ahead')).toBe('second');
  expect(nextReview('second', 'second-done', 'ahead')).toBe('accepted');
  expect(nextReview('second', 'second-returned', 'ahead')).toBe('returned');
  for (const event of ['send-again', 'accept-but-second', 'second-done', 'second-returned', 'refuse'] as const)
    for (const at of ReviewAt.options) expect(nextReview(at, event, 'second'), `${at} ${event}`).toBeNull();
});

it('does nothing more once it is over', () => {
  const events: ReviewEventName[] = ['take', 'release', 'accept', 'return', 'refuse', 'send-again', 'withdraw'];
  for (const kind of ['ahead', 'second'] as const)
    for (const at of ReviewAt.options.filter((one) => isOver(one, kind)))
      for (const event of events) expect(nextReview(at, event, kind), `${kind} ${at} ${event}`).toBeNull();
  expect(isOver('returned', 'ahead')).toBe(false);
  expect(nextReview('returned', 'withdraw', 'ahead')).toBe('withdrawn');
});

it('lets approvers and skilled agents review, and never who accepted first', () => {
  const asked = { skills: { corporate: 3 }, toStaff: null, firstStaff: null };
  const agent = { staffId: 'a', roles: ['agent'], skills: { corporate: 3 } };
  const novice = { staffId: 'n', roles: ['agent'], skills: { corporate: 2 } };
  const approver = { staffId: 'p', roles: ['approver'], skills: {} };
  const supervisor = { staffId: 's', roles: ['supervisor'], skills: { corporate: 5 } };
  expect([agent, novice, approver, supervisor].map((one) => mayReview(one, asked))).toEqual(['yes', 'no', 'yes', 'no']);
  expect(mayReview(approver, { ...asked, firstStaff: 'p' })).toBe('same-person');
  // Handed to one person: theirs, whatever the skill; an approver may still take it.
  const handed = { ...asked, toStaff: 'n' };
  expect([agent, novice, approver].map((one) => mayReview(one, handed))).toEqual(['no', 'yes', 'yes']);
});
