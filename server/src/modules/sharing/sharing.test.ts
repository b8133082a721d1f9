import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSharing, type Side } from './index.ts';

const call = { callId: 'call', caseId: 'case', kioskId: 'k', staffId: 's' };
const kiosk = { kioskId: 'k' };
const desk = { staffId: 's' };
const at = (name: string, kind: 'C1' | 'C2', draft: string | null = null) => ({
  name,
  typing: draft !== null,
  draft,
  class: kind,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function inCall() {
  const sharing = openSharing({ clock: Date.now });
  const told: Side[] = [];
  sharing.onChange((side) => told.push(side));
  sharing.started(call);
  // Both see that they share the form; what follows is what the tests look at.
  expect(told.splice(0)).toEqual([kiosk, desk]);
  return { sharing, told };
}

test('each sees where the other is, and nobody outside of the call sees anything', () => {
  const { sharing, told } = inCall();
  sharing.at(kiosk, at('fullName', 'C1', '王'));
  expect(sharing.viewOf(desk)).toEqual({ other: { name: 'fullName', typing: true, draft: '王' }, asked: null });
  expect(told).toEqual([desk]);
  sharing.at(desk, at('phone', 'C2', '138'));
  // The data are the customer's own.
  expect(sharing.viewOf(kiosk)?.other).toEqual({ name: 'phone', typing: true, draft: '138' });
  sharing.at({ kioskId: 'another' }, at('fullName', 'C1', 'x'));
  expect(sharing.viewOf({ staffId: 'another' })).toBeNull();
  expect(sharing.callOf({ kioskId: 'another' })).toBeNull();
});

test('of a sensitive field the agent sees that the customer types, and not what', () => {
  const { sharing } = inCall();
  sharing.at(kiosk, at('secret', 'C2', '110101199003070134'));
  expect(sharing.viewOf(desk)?.other).toEqual({ name: 'secret', typing: true, draft: null });
});

test('a screen is told at most ten times a second, and in the end of the last', () => {
  const { sharing, told } = inCall();
  for (let i = 0; i < 50; i += 1) {
    sharing.at(kiosk, at('note', 'C1', 'x'.repeat(i)));
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(100);
  expect(told.length).toBeGreaterThan(4);
  expect(told.length).toBeLessThanOrEqual(7);
  expect(sharing.viewOf(desk)?.other?.draft).toHaveLength(49);
});

test('who is asked to a field is there, and then it is not asked any more', () => {
  const { sharing } = inCall();
  sharing.ask('s', 'phone');
  expect(sharing.viewOf(kiosk)).toEqual({ other: null, asked: 'phone' });
  sharing.at(kiosk, at('fullName', 'C1'));
  expect(sharing.viewOf(kiosk)?.asked).toBe('phone');
  sharing.at(kiosk, at('phone', 'C2'));
  expect(sharing.viewOf(kiosk)?.asked).toBeNull();
});

test('nothing stays of who leaves, of a call that is over, or after closing twice', () => {
  const { sharing, told } = inCall();
  sharing.at(kiosk, at('fullName', 'C1', '王'));
  sharing.left(kiosk);
  vi.advanceTimersByTime(100);
  expect(sharing.viewOf(desk)).toEqual({ other: null, asked: null });
  sharing.at(kiosk, at('fullName', 'C1', '王'));
  sharing.ended('call');
  sharing.ended('call');
  expect(sharing.viewOf(desk)).toBeNull();
  expect(told.slice(-2)).toEqual([kiosk, desk]);
  // A message that was on its way when the call ended.
  sharing.at(kiosk, at('fullName', 'C1', '王'));
  expect(sharing.viewOf(desk)).toBeNull();
  sharing.started(call);
  sharing.at(kiosk, at('fullName', 'C1', 'a'));
  sharing.at(kiosk, at('fullName', 'C1', 'b'));
  sharing.close();
  sharing.close();
  expect(vi.getTimerCount()).toBe(0);
});
