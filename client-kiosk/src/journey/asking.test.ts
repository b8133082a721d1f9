import { RequestFailed, type Line } from '@openvtm/rtc/line';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { shallowReactive } from 'vue';
import type { KioskStore } from '../store.ts';
import { createAsking } from './asking.ts';
import { aSnapshot } from './samples.test-data.ts';

type Needed = Pick<KioskStore, 'pending' | 'failure' | 'snapshot'>;

function anAsking() {
  const store = shallowReactive<Needed>({ pending: new Set(), failure: null, snapshot: aSnapshot() });
  const asked: { name: string; answer: (out?: unknown) => void; refuse: (error: Error) => void }[] = [];
  const request = ((name: string) =>
    new Promise<unknown>((resolve, reject) => {
      asked.push({ name, answer: resolve, refuse: reject });
    })) as Line['request'];
  return { store, asked, ...createAsking({ line: Promise.resolve({ request }), store }) };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('asking', () => {
  test('a second touch asks nothing', async () => {
    const { ask, asked, store } = anAsking();
    const first = ask('help:call', {});
    expect(await ask('help:call', {})).toBe(false);
    await settled();
    expect(asked).toHaveLength(1);
    expect(store.pending.has('help:call')).toBe(true);
    asked[0]!.answer({ helpId: 'x' });
    expect(await first).toEqual({ helpId: 'x' });
  });

  test('stays under way until the screen has changed', async () => {
    const { ask, asked, store } = anAsking();
    void ask('help:call', {});
    await settled();
    asked[0]!.answer({});
    await settled();
    expect(store.pending.has('help:call')).toBe(true);
    store.snapshot = aSnapshot();
    await settled();
    expect(store.pending.has('help:call')).toBe(false);
  });

  test('or for a second, when nothing changes', async () => {
    const { ask, asked, store } = anAsking();
    void ask('help:call', {});
    await settled();
    asked[0]!.answer({});
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.pending.has('help:call')).toBe(false);
  });

  test('ends at once when the news came before the answer', async () => {
    const { ask, asked, store } = anAsking();
    void ask('help:call', {});
    await settled();
    store.snapshot = aSnapshot();
    asked[0]!.answer({});
    await settled();
    expect(store.pending.size).toBe(0);
  });

  test('a refusal is shown with its reference, and the next attempt clears it', async () => {
    const { ask, asked, store } = anAsking();
    const first = ask('help:call', {});
    await settled();
    asked[0]!.refuse(new RequestFailed('wrong-state', 'R1'));
    expect(await first).toBe(false);
    expect(store.failure).toEqual({ code: 'wrong-state', ref: 'R1' });
    expect(store.pending.size).toBe(0);
    void ask('help:call', {});
    expect(store.failure).toBeNull();
  });

  test('telling says nothing on screen', async () => {
    const { tell, asked, store } = anAsking();
    const told = tell('help:call', {});
    await settled();
    asked[0]!.refuse(new RequestFailed('offline', ''));
    expect(await told).toBe(false);
    expect(store.failure).toBeNull();
  });

  test('an attempt tells its answer or why there is none, and lets several of a name be under way', async () => {
    const { attempt, asked, store } = anAsking();
    const first = attempt('help:call', {});
    const second = attempt('help:call', {});
    await settled();
    asked[0]!.answer({ helpId: 'x' });
    asked[1]!.refuse(new RequestFailed('invalid-value', 'r1'));
    expect(await first).toEqual({ ok: true, data: { helpId: 'x' } });
    expect(await second).toEqual({ ok: false, failure: { code: 'invalid-value', ref: 'r1' } });
    expect(store.failure).toBeNull();
  });
});
