import { AppointmentPlan } from '@openvtm/protocol';
import { expect, test } from 'vitest';
import { dayOf, HALF_HOURS, problemsOf, staffOn } from './plan-draft.ts';

const plan = AppointmentPlan.parse({
  zone: 'Asia/Shanghai',
  branches: [],
  shifts: [{ family: 'cards', days: [3], from: '09:00', to: '10:00', staff: 2 }],
  dates: [{ date: '2026-11-25', family: 'cards', from: '09:30', to: '10:00', staff: 0 }],
  rules: {},
});

test('a day has its weekday’s staff, and a line for the day itself goes before', () => {
  expect(HALF_HOURS.at(-1)).toBe('24:00');
  const [wednesday, thursday] = [staffOn(plan, 'cards', '2026-11-25'), staffOn(plan, 'cards', '2026-11-26')];
  expect(wednesday.slice(17, 21)).toEqual([0, 2, 0, 0]);
  expect(thursday.every((n) => n === 0)).toBe(true);
});

test('what is booked stands beside what is planned now and what would be, by the plan’s own clock', () => {
  const inForce = { ...plan, dates: [] };
  const load = [{ family: 'cards', startsAt: Date.parse('2026-11-25T01:30:00Z'), planned: 60, booked: 8 }];
  expect(dayOf(plan, { inForce, load, family: 'cards', date: '2026-11-25' })).toEqual([
    { at: '09:00', booked: 0, planned: 60, edited: 60 },
    { at: '09:30', booked: 8, planned: 60, edited: 0 },
  ]);
  expect(dayOf(plan, { inForce, load, family: 'wealth', date: '2026-11-25' })).toEqual([]);
});

test('what is wrong is named by its line, whether the schema says so or the plan does', () => {
  const shift = { family: 'cards', days: [3], from: '09:00', to: '10:00', staff: 1 };
  const typed = { ...plan, shifts: [...plan.shifts, shift, { ...shift, from: '12:00' }] };
  expect([...problemsOf(typed, ['cards'])]).toEqual([
    ['shifts 1', 'overlaps'],
    ['shifts 2', 'ends-before-it-begins'],
  ]);
  const empty = { ...typed, rules: { ...plan.rules, horizonDays: '' as unknown as number } };
  expect([...problemsOf(empty, ['cards'])]).toEqual([['rules horizonDays', 'wrong-value']]);
  const hours = {
    branchId: crypto.randomUUID() as never,
    hours: [{ days: [], from: '09:00', to: '10:00' }],
    holidays: [],
  };
  expect([...problemsOf({ ...plan, branches: [hours] }, ['cards'])]).toEqual([['hours 0', 'wrong-value']]);
});
