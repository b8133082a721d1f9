import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createKeyboardReader } from './keyboard-reader.ts';
import { NotRead, type CardFacts } from './reader.ts';
import { createSimulatedReader, SIMULATED_CARDS } from './simulator.ts';

/** What became of a read, as soon as something did. */
function watched(read: Promise<CardFacts>) {
  const seen: { came: CardFacts | string | null } = { came: null };
  read.then(
    (facts) => (seen.came = facts),
    (error: unknown) => (seen.came = error instanceof NotRead ? error.why : 'aborted'),
  );
  return seen;
}
const never = () => new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the simulated reader', () => {
  test('reads every card that it offers, of both kinds', async () => {
    for (const put of SIMULATED_CARDS.keys()) {
      for (const kind of ['id-card', 'bank-card'] as const) {
        const reader = createSimulatedReader(kind);
        const seen = watched(reader.read(never()));
        reader.touch({ put });
        await vi.advanceTimersByTimeAsync(1000);
        const facts = {
          'id-card': { 'id-card.name': SIMULATED_CARDS[put]!.name },
          'bank-card': { 'bank-card.last4': expect.any(String) },
        };
        expect(seen.came).toMatchObject(facts[kind]);
      }
    }
  });

  test.for(['unreadable', 'wrong-card', 'no-card'] as const)('fails as it is told: %s', async (fail) => {
    const reader = createSimulatedReader('id-card');
    const seen = watched(reader.read(never()));
    reader.touch({ fail });
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.came).toBe(fail);
  });

  test('is slow when it is told so', async () => {
    const reader = createSimulatedReader('id-card');
    const seen = watched(reader.read(never()));
    reader.touch({ put: 0, slow: true });
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen.came).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(seen.came).toMatchObject({ 'id-card.name': '张伟' });
  });

  test('gives up when nobody puts a card on it, is stopped, and is closed twice', async () => {
    const reader = createSimulatedReader('id-card');
    const alone = watched(reader.read(never()));
    await vi.advanceTimersByTimeAsync(31_000);
    expect(alone.came).toBe('no-card');
    const stop = new AbortController();
    const stopped = watched(reader.read(stop.signal));
    stop.abort();
    const closed = watched(reader.read(never()));
    reader.close();
    reader.close();
    reader.touch({ put: 0 });
    await vi.advanceTimersByTimeAsync(0);
    expect([stopped.came, closed.came]).toEqual(['aborted', 'broken']);
  });
});

describe('a reader that types like a keyboard', () => {
  function aReader() {
    let hear: ((line: string) => void) | null = null;
    const reader = createKeyboardReader('id-card', {
      onLine: (listener) => {
        hear = listener;
        return () => (hear = null);
      },
    });
    return { reader, type: (line: string) => hear?.(line), listens: () => hear !== null };
  }

  test.for([
    ['11010519491231002X', { 'id-card.idNumber': '11010519491231002X', 'id-card.birthDate': '1949-12-31' }],
    ['6222021001110001994', 'wrong-card'],
    ['', 'unreadable'],
    ['11010519491231', 'unreadable'],
  ] as const)('%s', async ([line, came]) => {
    const { reader, type, listens } = aReader();
    const seen = watched(reader.read(never()));
    type(line);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.came).toEqual(came);
    expect(listens()).toBe(false);
  });

  test('listens no more when it is stopped or closed', async () => {
    const { reader, listens } = aReader();
    const stop = new AbortController();
    const stopped = watched(reader.read(stop.signal));
    stop.abort();
    const closed = watched(reader.read(never()));
    reader.close();
    reader.close();
    await vi.advanceTimersByTimeAsync(0);
    expect([stopped.came, closed.came, listens()]).toEqual(['aborted', 'broken', false]);
  });
});
