import { AppointmentPlan } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { daysOf, fitting, isOpen, plannedSlots, takenBy } from './slots.ts';

const plan = (changes: Partial<AppointmentPlan> = {}): AppointmentPlan =>
  AppointmentPlan.parse({
    zone: 'Asia/Shanghai',
    branches: [],
    shifts: [{ family: 'cards', days: [3], from: '09:00', to: '10:30', staff: 2 }],
    dates: [],
    rules: {},
    ...changes,
  });
const at = (iso: string) => Date.parse(iso);
const MINUTE = 60_000;

test('a shift is planned in each of its half hours, on its days', () => {
  expect(plannedSlots(plan(), ['2026-11-25', '2026-11-26'])).toEqual([
    { family: 'cards', startsAt: at('2026-11-25T01:00:00Z'), planned: 60 },
    { family: 'cards', startsAt: at('2026-11-25T01:30:00Z'), planned: 60 },
    { family: 'cards', startsAt: at('2026-11-25T02:00:00Z'), planned: 60 },
  ]);
});

test('a line for one day replaces the week’s in its half hours, down to nobody', () => {
  const dates = [
    { date: '2026-11-25', family: 'cards', from: '09:00', to: '09:30', staff: 0 },
    { date: '2026-11-25', family: 'cards', from: '10:00', to: '11:00', staff: 5 },
  ];
  expect(plannedSlots(plan({ dates }), ['2026-11-25']).map(({ planned }) => planned)).toEqual([60, 150, 150]);
});

test('the hour that the clocks skip in spring has no slots, the one that comes twice has them once', () => {
  const shifts = [{ family: 'cards', days: [7], from: '01:00', to: '04:00', staff: 1 }];
  const berlin = plan({ zone: 'Europe/Berlin', shifts });
  const starts = (date: string) => plannedSlots(berlin, [date]).map(({ startsAt }) => startsAt);
  expect(starts('2026-03-29')).toHaveLength(4);
  expect(starts('2026-10-25')).toHaveLength(6);
  expect(new Set(starts('2026-10-25')).size).toBe(6);
});

test('today is today by the clock of the plan', () => {
  const rules = { ...plan().rules, horizonDays: 2 };
  const now = at('2026-11-25T17:00:00Z');
  expect(daysOf({ zone: 'Asia/Shanghai', rules }, now)).toEqual(['2026-11-26', '2026-11-27']);
  expect(daysOf({ zone: 'America/New_York', rules }, now)).toEqual(['2026-11-25', '2026-11-26']);
});

test('a branch is open within its hours and not on a holiday, to the end of the service', () => {
  const branch = { hours: [{ days: [3], from: '09:00', to: '12:00' }], holidays: ['2026-12-02'] };
  const open = (iso: string, minutes = 30) => isOpen(branch, { startsAt: at(iso), minutes, zone: 'Asia/Shanghai' });
  expect(open('2026-11-25T01:00:00Z')).toBe(true);
  expect(open('2026-11-25T00:30:00Z')).toBe(false);
  expect(open('2026-11-25T03:30:00Z')).toBe(true);
  expect(open('2026-11-25T03:30:00Z', 40)).toBe(false);
  expect(open('2026-11-26T01:00:00Z')).toBe(false);
  expect(open('2026-12-02T01:00:00Z')).toBe(false);
});

test('a long service takes the next half hours too, and fits only where they have room', () => {
  expect(takenBy({ startsAt: 0, minutes: 70 })).toEqual({
    starts: [0, 30 * MINUTE, 60 * MINUTE],
    minutes: [30, 30, 10],
  });
  const slots = [0, 30, 60, 120].map((minute) => ({
    startsAt: minute * MINUTE,
    planned: 30,
    taken: minute === 60 ? 10 : 0,
  }));
  expect(fitting(slots, 8)).toEqual([0, 30, 60, 120].map((minute) => minute * MINUTE));
  expect(fitting(slots, 40)).toEqual([0, 30 * MINUTE]);
  expect(fitting(slots, 60)).toEqual([0]);
});
