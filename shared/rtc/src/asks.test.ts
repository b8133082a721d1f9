import type { Answer } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAsks, RequestFailed } from './asks.ts';
import type { Ask } from './asks.ts';

type Sent = { ask: Ask; answered: (answer: Answer<unknown>) => void };

function stage() {
  const sent: Sent[] = [];
  const asks = createAsks((ask, answered) => void sent.push({ ask, answered }));
  return { sent, asks };
}
const options = { timeoutMs: 1_000, now: true };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an answer settles its question', async () => {
  const { sent, asks } = stage();
  const asked = asks.ask('line:resync', {}, options);
  sent[0]?.answered({ ok: true, data: {} });
  await expect(asked).resolves.toEqual({});
  expect(vi.getTimerCount()).toBe(0);
});

test('a refusal rejects with its code and reference', async () => {
  const { sent, asks } = stage();
  const asked = asks.ask('line:resync', {}, options);
  sent[0]?.answered({ ok: false, error: { code: 'wrong-state', ref: 'ab12' } });
  await expect(asked).rejects.toMatchObject({ code: 'wrong-state', ref: 'ab12' });
});

test('sent again it carries the same id, which is a UUID of version 4; a new question gets another one', () => {
  const { sent, asks } = stage();
  void asks.ask('line:resync', {}, options).catch(() => undefined);
  asks.sendAgain();
  void asks.ask('line:resync', {}, options).catch(() => undefined);
  const ids = sent.map(({ ask }) => ask.id);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('held back while the line is lost, sent when it is live, and not again once answered', async () => {
  const { sent, asks } = stage();
  const asked = asks.ask('line:resync', {}, { ...options, now: false });
  expect(sent).toHaveLength(0);
  asks.sendAgain();
  expect(sent).toHaveLength(1);
  sent[0]?.answered({ ok: true, data: {} });
  await asked;
  asks.sendAgain();
  expect(sent).toHaveLength(1);
});

test('the answer to an earlier sending counts, a second answer changes nothing', async () => {
  const { sent, asks } = stage();
  const asked = asks.ask('line:resync', {}, options);
  asks.sendAgain();
  sent[0]?.answered({ ok: true, data: {} });
  sent[1]?.answered({ ok: false, error: { code: 'internal', ref: '' } });
  await expect(asked).resolves.toEqual({});
});

test('without an answer it fails as offline when its time is over, and when the line closes', async () => {
  const { asks } = stage();
  const late = asks.ask('line:resync', {}, options);
  vi.advanceTimersByTime(1_000);
  await expect(late).rejects.toMatchObject({ code: 'offline' });
  const cut = asks.ask('line:resync', {}, options);
  asks.failAll();
  await expect(cut).rejects.toBeInstanceOf(RequestFailed);
  expect(vi.getTimerCount()).toBe(0);
});
