import { describe, expect, test } from 'vitest';
import { idleOf, idleTimes } from './idle.ts';

const { quietMs: IDLE_MS, countdownMs: COUNTDOWN_MS } = idleTimes('normal');

const after = (ms: number, at: Parameters<typeof idleOf>[0] = 'form') =>
  idleOf(at, { touchedAt: 1000, now: 1000 + ms, print: 'normal' });

describe('the idle clock', () => {
  test('runs for a minute before it warns, and counts twenty seconds down', () => {
    expect(IDLE_MS).toBe(60_000);
    expect(COUNTDOWN_MS).toBe(20_000);
    expect(after(IDLE_MS - 1)).toEqual({ at: 'active' });
    expect(after(IDLE_MS)).toEqual({ at: 'warning', leftMs: COUNTDOWN_MS });
    expect(after(IDLE_MS + 5_000)).toEqual({ at: 'warning', leftMs: 15_000 });
    expect(after(IDLE_MS + COUNTDOWN_MS - 1)).toEqual({ at: 'warning', leftMs: 1 });
    expect(after(IDLE_MS + COUNTDOWN_MS)).toEqual({ at: 'over' });
  });

  test.for([
    'services',
    'consent',
    'form',
    'explain',
    'assess',
    'agree',
    'identify',
    'person',
    'stopped',
    'call-back',
    'kept-place',
  ] as const)('warns at %s', (at) => {
    expect(after(IDLE_MS, at).at).toBe('warning');
  });

  test.for(['waiting', 'call', 'capture', 'confirm', 'rating', 'thanks', 'starting', 'enrol', 'closed'] as const)(
    'never runs at %s',
    (at) => {
      expect(after(24 * 3_600_000, at)).toEqual({ at: 'active' });
    },
  );

  test('puts an untouched welcome screen back without a warning', () => {
    expect(after(IDLE_MS - 1, 'welcome')).toEqual({ at: 'active' });
    expect(after(IDLE_MS, 'welcome')).toEqual({ at: 'over' });
  });

  test('gives the elderly twice the time, for the warning as for the countdown', () => {
    expect(idleTimes('elder')).toEqual({ quietMs: 2 * IDLE_MS, countdownMs: 2 * COUNTDOWN_MS });
    const elder = (ms: number) => idleOf('form', { touchedAt: 0, now: ms, print: 'elder' });
    expect(elder(2 * IDLE_MS - 1)).toEqual({ at: 'active' });
    expect(elder(2 * IDLE_MS)).toEqual({ at: 'warning', leftMs: 2 * COUNTDOWN_MS });
    expect(elder(2 * (IDLE_MS + COUNTDOWN_MS))).toEqual({ at: 'over' });
  });
});
