import type { WaitChoice } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import { asksAnew, usefulChoices, waitStateOf } from './choices.ts';

const wait = { from: 1, to: 3 };
const closed = { is: 'closed', opensAt: 9 } as const;
const nobody = { is: 'nobody' } as const;

describe('the waiting screen', () => {
  test.each([
    ['joining', null],
    ['coming', { at: 'coming', shut: null, wait }],
    ['coming', { at: 'coming', shut: nobody, wait: null }],
    ['closed', { at: 'waiting', shut: closed, wait: null }],
    ['nobody', { at: 'waiting', shut: nobody, wait: null }],
    ['nobody', { at: 'waiting', shut: null, wait: null }],
    ['waiting', { at: 'waiting', shut: null, wait }],
  ] as const)('says %s', (state, ticket) => {
    expect(waitStateOf(ticket)).toBe(state);
  });

  test('asks how to go on when the wait becomes too long, or nobody can serve any more, and not again for the same', () => {
    const calm = { shut: null, overdue: false };
    const late = { shut: null, overdue: true };
    const empty = { shut: nobody, overdue: false };
    expect(asksAnew(late, calm)).toBe(true);
    expect(asksAnew(late, late)).toBe(false);
    expect(asksAnew(calm, late)).toBe(false);
    expect(asksAnew(empty, calm)).toBe(true);
    expect(asksAnew(empty, empty)).toBe(false);
    expect(asksAnew({ ...empty, overdue: true }, empty)).toBe(true);
    // The customer waits on: that it is no longer overdue is no news.
    expect(asksAnew(empty, { ...empty, overdue: true })).toBe(false);
    expect(asksAnew({ shut: closed, overdue: false }, empty)).toBe(true);
    expect(asksAnew(calm, empty)).toBe(false);
  });

  test('offers what the server does, in its order, but nothing in vain', () => {
    const all: WaitChoice[] = ['call-back', 'appointment', 'branch-staff', 'wait-on'];
    expect(usefulChoices(all, { book: true, calledStaff: false })).toEqual(all);
    expect(usefulChoices(all, { book: false, calledStaff: true })).toEqual(['call-back', 'wait-on']);
    expect(usefulChoices([], { book: true, calledStaff: false })).toEqual([]);
  });
});
