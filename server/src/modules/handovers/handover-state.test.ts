import { describe, expect, test } from 'vitest';
import { afterWrong, holds, isLocked, LOCKED_MS, TRIES, type Code, type Guesses } from './handover-state.ts';

const code: Code = { state: 'open', branchId: 'here', expiresAt: 1_000 };

describe('a code', () => {
  test.each<[string, Code | null, { branchId: string; now: number }, ReturnType<typeof holds>]>([
    ['holds until it expires', code, { branchId: 'here', now: 999 }, 'holds'],
    ['expires', code, { branchId: 'here', now: 1_000 }, 'expired'],
    ['that was replaced no longer holds', { ...code, state: 'replaced' }, { branchId: 'here', now: 0 }, 'expired'],
    ['holds once', { ...code, state: 'used' }, { branchId: 'here', now: 0 }, 'used'],
    ['of another branch says so, also when it is late', code, { branchId: 'there', now: 2_000 }, 'elsewhere'],
    ['that nobody made', null, { branchId: 'here', now: 0 }, 'unknown'],
  ])('%s', (_, given, at, outcome) => {
    expect(holds(given, at)).toBe(outcome);
  });
});

test('a device is locked after its tries, and begins anew after the lock', () => {
  let guesses: Guesses = { wrong: 0, lockedUntil: null };
  for (let i = 1; i < TRIES; i += 1) {
    guesses = afterWrong(guesses, 10);
    expect(isLocked(guesses, 10)).toBe(false);
  }
  guesses = afterWrong(guesses, 10);
  expect(guesses.lockedUntil).toBe(10 + LOCKED_MS);
  expect(isLocked(guesses, 10 + LOCKED_MS - 1)).toBe(true);
  expect(isLocked(guesses, 10 + LOCKED_MS)).toBe(false);
  expect(afterWrong(guesses, 10 + LOCKED_MS)).toEqual({ wrong: 1, lockedUntil: null });
});
