import { randomUUID } from 'node:crypto';
import { MAX_QUALITY_SAMPLES, type CallId, type In } from '@openvtm/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeLine } from './fakes.ts';
import { RequestFailed } from './line.ts';
import { createQualityReport, type ReportedCall } from './quality-report.ts';
import { totalsOf } from './quality-sample.ts';

const NOW = 1_800_000_001_000;
beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const callId = randomUUID() as CallId;
const running = (changes: Partial<ReportedCall> = {}): ReportedCall => ({
  callId,
  startedAt: NOW,
  held: false,
  ...changes,
});

function reporting(calls: ReportedCall[] = [running()]) {
  const line = createFakeLine();
  const of = {};
  let at = 0;
  const state = { calls, joined: true };
  const report = createQualityReport({
    line,
    read: () => {
      at += 5_000;
      const totals = totalsOf({ send: [], receive: [], at, cameras: new Set() });
      return state.joined ? Promise.resolve({ of, link: 'up', totals }) : null;
    },
    calls: () => state.calls,
    serverNow: () => Date.now() + 60_000,
  });
  line.answer('quality:report', ({ samples }) => ({ kept: samples.length }));
  const sent = () => line.asked.map(({ data }) => data as In<'quality:report'>);
  const slots = () => sent().map(({ samples }) => samples.map(({ slot }) => slot - (NOW + 59_000) / 5_000));
  return { line, report, state, sent, slots };
}
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

test('every five seconds of the server’s clock are told once, in the call that they belong to', async () => {
  const { report, slots, sent } = reporting();
  await pass(21);
  expect(slots()).toEqual([[1], [2], [3]]);
  expect(sent()[0]?.callId).toBe(callId);
  report.close();
  await pass(60);
  expect(slots()).toHaveLength(3);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing is told without a call, before it began, or without media', async () => {
  const { state, slots } = reporting([]);
  await pass(21);
  state.calls = [running({ startedAt: NOW + 300_000 })];
  await pass(20);
  state.calls = [running()];
  state.joined = false;
  await pass(20);
  expect(slots()).toEqual([]);
});

test('what the lost line kept back comes in one batch when it is back, and only the latest five minutes of it', async () => {
  const { line, slots, state } = reporting();
  line.enter({ at: 'lost', since: 1 });
  await pass(31);
  expect(slots()).toEqual([]);
  line.enter({ at: 'live' });
  await pass(0);
  expect(slots()).toEqual([[1, 2, 3, 4, 5]]);
  line.enter({ at: 'lost', since: 1 });
  await pass(5 * (MAX_QUALITY_SAMPLES + 10));
  state.calls = [];
  line.enter({ at: 'live' });
  await pass(0);
  expect(slots()[1]).toHaveLength(MAX_QUALITY_SAMPLES);
});

test('what was not answered is told again with the next, and what is refused never', async () => {
  const { line, slots, state } = reporting();
  const answers = ['offline', 'timeout'] as const;
  let asked = 0;
  line.answer('quality:report', ({ samples }) => {
    const code = answers[asked++];
    if (code) throw new RequestFailed(code, '');
    return { kept: samples.length };
  });
  await pass(26);
  expect(slots()).toEqual([[1], [1, 2], [1, 2, 3], [4]]);
  line.answer('quality:report', () => {
    throw new RequestFailed('not-allowed', '');
  });
  await pass(5);
  state.calls = [];
  await pass(20);
  expect(slots().slice(4)).toEqual([[5]]);
});

test('in several calls at once each is told of', async () => {
  const other = randomUUID() as CallId;
  const { sent } = reporting([running(), running({ callId: other })]);
  await pass(11);
  expect(sent().map((one) => one.callId)).toEqual([callId, other]);
});
