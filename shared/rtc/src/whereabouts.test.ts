import { CaseId, type In } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWhereabouts } from './whereabouts.ts';

const caseId = CaseId.parse('00000000-0000-4000-8000-000000000001');
const typing = (draft: string) => ({ caseId, place: { name: 'fullName', typing: true, draft } });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function some() {
  const sent: In<'sharing:at'>[] = [];
  return { sent, whereabouts: createWhereabouts({ send: (where) => sent.push(where) }) };
}

test('the first is told at once, of many the last, and no more than ten a second', () => {
  const { sent, whereabouts } = some();
  for (let i = 1; i <= 50; i += 1) {
    whereabouts.at(typing('x'.repeat(i)));
    vi.advanceTimersByTime(20);
  }
  vi.advanceTimersByTime(100);
  expect(sent[0]).toEqual(typing('x'));
  expect(sent.at(-1)).toEqual(typing('x'.repeat(50)));
  expect(sent.length).toBeLessThanOrEqual(11);
});

test('what did not change is not told again, but over a new line', () => {
  const { sent, whereabouts } = some();
  whereabouts.at(typing('x'));
  vi.advanceTimersByTime(200);
  whereabouts.at(typing('x'));
  expect(sent).toHaveLength(1);
  whereabouts.again();
  expect(sent).toHaveLength(2);
  whereabouts.at({ caseId, place: null });
  vi.advanceTimersByTime(200);
  expect(sent.at(-1)).toEqual({ caseId, place: null });
  whereabouts.again();
  expect(sent).toHaveLength(3);
});

test('closing leaves no timer', () => {
  const { sent, whereabouts } = some();
  whereabouts.at(typing('x'));
  whereabouts.at(typing('xy'));
  whereabouts.close();
  whereabouts.close();
  vi.advanceTimersByTime(200);
  expect(vi.getTimerCount()).toBe(0);
  expect(sent).toHaveLength(1);
});
