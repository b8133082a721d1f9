import { CallId, type RunningCall } from '@openvtm/protocol';
import { expect, it } from 'vitest';
import { actsOf, columnsFor, endedOf, inOrder, isReason, reasonsOf, timeLeft } from './running.ts';

const text = { 'zh-CN': '字', en: 'word' };
const running = (n: number, helpSince: number | null = null): RunningCall => ({
  callId: CallId.parse(`6b1f2a0e-8f0a-4c62-9d58-0f6a5d1c9e0${n}`),
  startedAt: n,
  service: { title: text, icon: 'card' },
  kiosk: { name: 'K', branch: text },
  agent: '李娜',
  heldSince: null,
  helpSince,
  others: [],
  reasons: [],
});

it('puts who asks for help first, the longest waiting before the others, and leaves the rest as they are', () => {
  const calls = [running(1), running(2, 50), running(3), running(4, 20)];
  expect(inOrder(calls).map(({ startedAt }) => startedAt)).toEqual([4, 2, 1, 3]);
});

it('lets branch staff join only, and supervisors lead only if they are agents', () => {
  expect(actsOf(['branch-staff'])).toEqual(['joined']);
  expect(actsOf(['supervisor'])).toEqual(['listening', 'whispering', 'joined']);
  expect(actsOf(['supervisor', 'agent', 'branch-staff'])).toContain('take-over');
});

it('has reasons for everything that may be done', () => {
  for (const act of actsOf(['supervisor', 'agent'])) expect(reasonsOf(act, ['supervisor'])).not.toEqual([]);
  expect(reasonsOf('joined', ['branch-staff'])).toContain('at-kiosk');
});

it('takes a text for a reason that says something', () => {
  expect(isReason('  ok ')).toBe(false);
  expect(isReason('投诉中')).toBe(true);
});

it('tells what is left of a stay, and that it ends soon; of one as long as the call nothing', () => {
  expect(timeLeft(null, 1)).toBeNull();
  expect(timeLeft(1_000_000, 700_000)).toEqual({ ms: 300_000, soon: false });
  expect(timeLeft(1_000_000, 700_001)).toEqual({ ms: 299_999, soon: true });
  expect(timeLeft(1_000_000, 1_000_001)).toEqual({ ms: 0, soon: true });
});

it('lays one call out whole and more in two columns', () => {
  expect([1, 2, 3, 4].map(columnsFor)).toEqual([1, 2, 2, 2]);
});

it('tells of calls that ended, not of those that one left', () => {
  expect(endedOf(['a', 'b', 'c'], ['c', 'd'], new Set(['b']))).toEqual(['a']);
});
