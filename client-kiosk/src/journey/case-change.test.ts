import { describe, expect, test } from 'vitest';
import { caseChangeOf } from './case-change.ts';
import { aCase, otherCaseId } from './samples.test-data.ts';

describe('what happened between two states of a case', () => {
  test('the first snapshot of a page is no change, or a reload would wipe', () => {
    expect(caseChangeOf(undefined, aCase('alone'))).toBe('none');
    expect(caseChangeOf(undefined, null)).toBe('none');
  });

  test('it begins', () => {
    expect(caseChangeOf(null, aCase('consent'))).toBe('began');
    expect(caseChangeOf(aCase('closed'), aCase('consent'))).toBe('began');
    expect(caseChangeOf(aCase('alone'), aCase('consent', { caseId: otherCaseId }))).toBe('began');
  });

  test('it ends, and only after the rating with thanks', () => {
    expect(caseChangeOf(aCase('rating'), null)).toBe('served');
    expect(caseChangeOf(aCase('rating'), aCase('closed'))).toBe('served');
    expect(caseChangeOf(aCase('alone'), null)).toBe('ended');
    expect(caseChangeOf(aCase('waiting'), aCase('closed'))).toBe('ended');
    expect(caseChangeOf(aCase('closed'), null)).toBe('none');
    expect(caseChangeOf(null, null)).toBe('none');
  });

  test.for(['serving', 'confirming', 'confirmed'] as const)('a call that breaks at %s leads back to the form', (at) => {
    expect(caseChangeOf(aCase(at), aCase('alone'))).toBe('call-broke');
  });

  test('leaving the queue is no broken call', () => {
    expect(caseChangeOf(aCase('waiting'), aCase('alone'))).toBe('none');
  });

  test('a summary is proposed and sent back', () => {
    expect(caseChangeOf(aCase('serving'), aCase('confirming'))).toBe('proposed');
    expect(caseChangeOf(aCase('confirming'), aCase('serving'))).toBe('disputed');
    expect(caseChangeOf(aCase('confirming'), aCase('confirming'))).toBe('none');
  });
});
