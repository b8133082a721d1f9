import { expect, test } from 'vitest';
import { nextPaper, type PaperEvent, type PaperState } from './paper-state.ts';

const walk = (state: PaperState, ...events: PaperEvent[]) =>
  events.reduce<PaperState | null>((at, event) => at && nextPaper(at, event, 1_000), state);
const MADE: PaperState = { at: 'made' };
const READ: PaperEvent = { is: 'progress', furthest: 100 };
const SIGN: PaperEvent = { is: 'sign', sha256: 'a' };

test('a paper goes from made to sealed, by everybody whose name it asks for', () => {
  const confirmed = walk(MADE, READ, SIGN, { is: 'confirm', waitsFor: ['agent', 'branch-staff'] });
  expect(confirmed).toEqual({ at: 'confirmed', since: 1_000, sha256: 'a', waitsFor: ['agent', 'branch-staff'] });
  const one = walk(confirmed!, { is: 'countersign', as: 'branch-staff' });
  expect(one).toMatchObject({ at: 'confirmed', waitsFor: ['agent'] });
  expect(walk(one!, { is: 'countersign', as: 'branch-staff' })).toBeNull();
  const due = walk(one!, { is: 'countersign', as: 'agent' });
  expect(due).toEqual({ at: 'sealing', since: 1_000, dueAt: 1_000, attempts: 0 });
  expect(walk(due!, { is: 'seal', sha256: 'b', stampedAt: null })).toMatchObject({ at: 'sealed', sha256: 'b' });
});

test('how far it was read only rises, and what was read stays read', () => {
  expect(walk(MADE, { is: 'progress', furthest: 40 }, { is: 'progress', furthest: 20 })).toEqual({
    at: 'shown',
    furthest: 40,
  });
  expect(walk(MADE, READ, { is: 'progress', furthest: 20 })).toEqual({ at: 'read', how: 'scrolled' });
  expect(walk(MADE, READ, { is: 'read-aloud' })).toEqual({ at: 'read', how: 'scrolled' });
  expect(walk(MADE, { is: 'read-aloud' })).toBeNull();
  expect(walk(MADE, { is: 'progress', furthest: 1 }, { is: 'read-aloud' })).toEqual({ at: 'read', how: 'aloud' });
});

test('nothing is signed unread, confirmed unsigned, or countersigned unconfirmed', () => {
  expect(walk(MADE, SIGN)).toBeNull();
  expect(walk(MADE, { is: 'progress', furthest: 99 }, SIGN)).toBeNull();
  expect(walk(MADE, READ, { is: 'confirm', waitsFor: ['agent'] })).toBeNull();
  expect(walk(MADE, READ, SIGN, { is: 'countersign', as: 'agent' })).toBeNull();
  expect(walk(MADE, READ, SIGN, { is: 'anew' }, { is: 'confirm', waitsFor: ['agent'] })).toBeNull();
});

test('until it is confirmed it may be refused or taken back, and nothing goes on from there', () => {
  for (const events of [[], [READ], [READ, SIGN]])
    for (const is of ['refuse', 'withdraw'] as const) {
      const over = walk(MADE, ...events, { is });
      expect(over?.at).toBe(is === 'refuse' ? 'refused' : 'withdrawn');
      for (const event of [READ, SIGN, { is: 'refuse' }, { is: 'withdraw' }] as PaperEvent[])
        expect(walk(over!, event)).toBeNull();
    }
  const confirmed = walk(MADE, READ, SIGN, { is: 'confirm', waitsFor: ['agent'] });
  expect(walk(confirmed!, { is: 'refuse' })).toBeNull();
  expect(walk(confirmed!, { is: 'withdraw' })).toBeNull();
});

test('an authority that does not answer is asked again, ever more rarely, up to once a minute', () => {
  let state: PaperState = { at: 'sealing', since: 0, dueAt: 0, attempts: 0 };
  const waits: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    const next = nextPaper(state, { is: 'not-stamped' }, 5_000);
    if (next?.at !== 'sealing') throw new Error('not sealing');
    waits.push(next.dueAt - 5_000);
    state = next;
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});
