import type { KioskPart, NoticeName, StaffPart, StaffRole } from '@openvtm/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Screens } from './screens.ts';
import type { Caller } from '../kernel/handler.ts';
import { createLines } from './lines.ts';
import { createRefresh } from './refresh.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const kiosk: Caller = { kind: 'kiosk', id: 'k', subject: 'kiosk:k', branchId: 'b', device: 'floor', sessionId: 's' };
const staff = (...roles: StaffRole[]): Caller => ({
  kind: 'staff',
  id: 'p',
  subject: 'staff:p',
  branchId: 'b',
  sessionId: 's',
  roles,
});

/** Lines and a refresh over views whose every part is read by `read`. */
function refreshOf(read: (part: string) => Promise<unknown>) {
  const parts = (names: readonly (KioskPart | StaffPart)[]) =>
    Object.fromEntries(names.map((name) => [name, () => read(name)])) as never;
  const views: Screens = {
    kiosk: parts(['case', 'ticket', 'call', 'documents', 'help']),
    staff: parts(['agent', 'call', 'attending', 'invitations', 'case', 'documents', 'board', 'help']),
    kioskSnapshot: async () => ({}) as never,
    staffSnapshot: async () => ({}) as never,
    followersOf: async () => [],
    kioskOf: async () => null,
    branchOf: async () => null,
    desksOf: async () => [],
  };
  const lines = createLines();
  const told: { name: NoticeName; data: unknown }[] = [];
  const open = async (caller: Caller) => {
    const line = lines.add('1', caller, {
      emit: (name, data) => void told.push({ name: name as NoticeName, data }),
      backlog: () => 0,
      disconnect: () => undefined,
    });
    await refresh.snapshot(line);
    await vi.advanceTimersByTimeAsync(0);
    return line;
  };
  const refresh = createRefresh({ lines, views, log: pino({ level: 'silent' }) });
  return { lines, refresh, told, open };
}

test('each role is told what the protocol says it is told, and nothing else', async () => {
  const told = async (...roles: StaffRole[]) => {
    const lab = refreshOf(async () => ({}));
    await lab.open(staff(...roles));
    return lab.told.map(({ name }) => name);
  };
  expect(await told('inspector')).toEqual(['line:staff-snapshot']);
  const ofCalls = ['call:attending-changed', 'case:desk-changed', 'document:changed'];
  expect((await told('supervisor')).toSorted()).toEqual(
    [...ofCalls, 'call:invitations-changed', 'line:staff-snapshot', 'queue:board-changed'].toSorted(),
  );
  expect((await told('branch-staff')).toSorted()).toEqual(
    [...ofCalls, 'help:list-changed', 'line:staff-snapshot'].toSorted(),
  );
  expect(await told('agent')).not.toContain('help:list-changed');
});

test('a part that changes while it is read is read once more, however often it changes', async () => {
  const answers: ((value: unknown) => void)[] = [];
  const { refresh, told, open } = refreshOf(
    (part) => new Promise((resolve) => (part === 'help' ? answers.push(resolve) : resolve(null))),
  );
  await open(kiosk);
  const before = answers.length;
  refresh.kiosk('k', 'help');
  refresh.kiosk('k', 'help');
  answers[0]?.('old');
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toHaveLength(before + 1);
  answers[1]?.('new');
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toHaveLength(before + 1);
  expect(told.at(-1)).toEqual({ name: 'help:changed', data: { help: 'new' } });
});

test('a part that could not be read is told when it can be', async () => {
  let broken = true;
  const { refresh, told, open } = refreshOf(async (part) => {
    if (broken && part === 'call') throw new Error('the database is away');
    return part;
  });
  await open(kiosk);
  refresh.kiosk('k', 'call');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told.map(({ name }) => name)).not.toContain('call:changed');
  broken = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told.at(-1)).toEqual({ name: 'call:changed', data: { call: 'call' } });
});

test('a part that can never be read is not tried again once the line is gone', async () => {
  let reads = 0;
  const { lines, open } = refreshOf(async () => {
    reads += 1;
    throw new Error('the database is away');
  });
  const line = await open(kiosk);
  lines.remove(line);
  await vi.advanceTimersByTimeAsync(10_000);
  const after = reads;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reads).toBe(after);
});
