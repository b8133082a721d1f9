import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginning, KINDS, nextWay, type JourneyFact, type Move, type Way } from './journey-state.ts';

const fact = (kind: string, at: number, data: JourneyFact['data'] = {}, kioskId = 'k1'): JourneyFact => ({
  kind,
  at,
  data,
  kioskId,
});
const started = fact('case.started', 0, { serviceId: 's', language: 'en', print: 'large', device: 'tablet' });

function walk(...facts: JourneyFact[]): { way: Way; moves: Move[] } {
  let way = beginning(started);
  const moves: Move[] = [];
  for (const one of facts) {
    const next = nextWay(way, one);
    way = next.way;
    moves.push(...next.moves);
  }
  return { way, moves };
}

describe('a way', () => {
  test('goes from the consent step by step, and what each took is told when it is left', () => {
    const { way, moves } = walk(
      fact('case.consented', 1_000, { next: 'form' }),
      fact('case.passed', 31_000, { step: 'form', next: 'who' }),
    );
    expect(way).toMatchObject({ node: 'who', since: 31_000, device: 'tablet', print: 'large', outcome: 'open' });
    expect(moves).toEqual([
      { is: 'left', node: '@consent', spentMs: 1_000, back: false, state: 'passed' },
      { is: 'came', node: 'form' },
      { is: 'left', node: 'form', spentMs: 30_000, back: false, state: 'passed' },
      { is: 'came', node: 'who' },
    ]);
  });

  test('turns back, and comes back from the queue to the step that it left', () => {
    const { way, moves } = walk(
      fact('case.consented', 0, { next: 'form' }),
      fact('case.passed', 1, { step: 'form', next: 'terms' }),
      fact('case.went-back', 2, { to: 'form' }),
      fact('case.moved', 3, { from: 'alone', to: 'waiting' }),
      fact('case.moved', 4, { from: 'waiting', to: 'alone' }),
    );
    expect(way.node).toBe('form');
    expect(moves.filter((move) => move.is === 'left' && move.back)).toMatchObject([
      { node: 'terms' },
      { node: '@waiting' },
    ]);
  });

  test('through a call is one place, whatever is asked and confirmed in it', () => {
    const { moves } = walk(
      fact('case.moved', 1, { from: 'alone', to: 'waiting' }),
      fact('case.moved', 2, { from: 'waiting', to: 'serving' }),
      fact('case.moved', 3, { from: 'serving', to: 'confirming' }),
      fact('case.moved', 4, { from: 'confirming', to: 'confirmed' }),
      fact('case.moved', 5, { from: 'confirmed', to: 'rating' }),
    );
    expect(moves.flatMap((move) => (move.is === 'came' ? move.node : []))).toEqual(['@waiting', '@call', '@rating']);
  });

  test('ends where it stood, and how', () => {
    const ends = (data: JourneyFact['data']) =>
      walk(fact('case.consented', 0, { next: 'form' }), fact('case.closed', 9, data));
    expect(ends({ from: 'alone', reason: 'cancelled' })).toMatchObject({ way: { node: 'form', outcome: 'cancelled' } });
    expect(ends({ from: 'alone', reason: 'idle' }).moves.at(-1)).toMatchObject({ node: 'form', state: 'idle' });
    expect(ends({ from: 'rating', reason: 'finished' }).way.outcome).toBe('finished');
    // Served, and gone without a word on the rating.
    expect(ends({ from: 'rating', reason: 'idle' }).way.outcome).toBe('finished');
  });

  test('that is handed over counts once, and goes on at the other kind of device', () => {
    const over = { to: 'k2', device: 'phone' };
    const { way, moves } = walk(fact('case.handed-over', 1, over, 'k1'), fact('case.handed-over', 1, over, 'k2'));
    expect(way.device).toBe('phone');
    expect(moves).toEqual([{ is: 'handed-over', node: '@consent' }]);
  });
});

test('whatever the journal tells: every place that is left was come to, no time is negative, and the end is the last', () => {
  const anyFact = fc.record({
    kind: fc.constantFrom(...KINDS),
    at: fc.integer({ min: 0, max: 100 }),
    data: fc.record({
      next: fc.constantFrom('form', 'who', null),
      to: fc.constantFrom('form', 'who', 'alone', 'waiting', 'serving', 'rating', 'closed'),
      reason: fc.constantFrom('finished', 'cancelled', 'idle', 'replaced'),
    }),
    kioskId: fc.constantFrom('k1', 'form'),
  });
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 40 }), (facts) => {
      const { way, moves } = walk(...facts);
      let here = '@consent';
      for (const move of moves) {
        if (move.is === 'came') here = move.node;
        expect(move.node).toBe(here);
        expect(move.is === 'left' && move.spentMs < 0).toBe(false);
      }
      expect(way.node).toBe(here);
    }),
  );
});
