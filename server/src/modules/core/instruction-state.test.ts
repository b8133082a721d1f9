import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  GIVE_UP_MS,
  LEASE_MS,
  nextInstruction,
  type InstructionEvent,
  type InstructionState,
} from './instruction-state.ts';

const due = { at: 'due', nextAt: 0, attempts: 0 } as const;
const done = { state: 'done', reference: 'R1', facts: {} } as const;

test('is taken for the time of a lease, and settled by the answer', () => {
  const asking = nextInstruction(due, { is: 'taken' }, 100);
  expect(asking).toEqual({ at: 'asking', until: 100 + LEASE_MS, attempts: 1 });
  expect(nextInstruction(asking, { is: 'answered', outcome: done }, 200)).toEqual({
    at: 'done',
    reference: 'R1',
    facts: {},
  });
  const no = { state: 'refused', reason: 'already-lost' } as const;
  expect(nextInstruction(asking, { is: 'answered', outcome: no }, 200)).toEqual({
    at: 'refused',
    reason: 'already-lost',
  });
});

test('is asked again later and later without an answer, and given to a person after 20 minutes', () => {
  let state: InstructionState = due;
  const pauses: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    state = nextInstruction(
      nextInstruction(state, { is: 'taken' }, 0),
      { is: 'unanswered', jitter: 1, orderedAt: 0 },
      1_000,
    );
    pauses.push(state.at === 'due' ? state.nextAt - 1_000 : -1);
  }
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(nextInstruction(state, { is: 'unanswered', jitter: 0, orderedAt: 0 }, GIVE_UP_MS)).toMatchObject({
    at: 'stuck',
  });
});

test('what is settled stays settled, whatever still comes; a late answer settles even what was given up', () => {
  const outcome = fc.oneof(
    fc.record({ state: fc.constant('done' as const), reference: fc.string({ minLength: 1 }), facts: fc.constant({}) }),
    fc.record({ state: fc.constant('refused' as const), reason: fc.string({ minLength: 1 }) }),
  );
  const event: fc.Arbitrary<InstructionEvent> = fc.oneof(
    fc.constant({ is: 'taken' as const }),
    fc.record({ is: fc.constant('answered' as const), outcome }),
    fc.record({
      is: fc.constant('unanswered' as const),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      orderedAt: fc.constant(0),
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(2 * GIVE_UP_MS)), { maxLength: 30 }), (events) => {
      const states: InstructionState[] = [due];
      for (const [one, now] of events) states.push(nextInstruction(states.at(-1) ?? due, one, now));
      const settled = states.findIndex(({ at }) => at === 'done' || at === 'refused');
      const answered = events.findIndex(([one]) => one.is === 'answered');
      expect(settled).toBe(answered === -1 ? -1 : answered + 1);
      expect(new Set(settled === -1 ? [] : states.slice(settled)).size).toBe(settled === -1 ? 0 : 1);
    }),
  );
});
