import { expect, test } from 'vitest';
import { addDays, instantOf, localOf, weekdayOf } from './zone.ts';

test.each([
  ['Asia/Shanghai', '2026-11-25', 9 * 60, '2026-11-25T01:00:00Z'],
  ['Asia/Shanghai', '2026-11-25', 1440, '2026-11-25T16:00:00Z'],
  ['Asia/Kolkata', '2026-11-25', 570, '2026-11-25T04:00:00Z'],
  ['Europe/Berlin', '2026-10-25', 60, '2026-10-24T23:00:00Z'],
  // Half past two comes twice: the first one counts.
  ['Europe/Berlin', '2026-10-25', 150, '2026-10-25T00:30:00Z'],
  ['Europe/Berlin', '2026-10-25', 210, '2026-10-25T02:30:00Z'],
  ['America/New_York', '2026-03-08', 180, '2026-03-08T07:00:00Z'],
])('in %s, %s at minute %i', (zone, date, minute, iso) => {
  expect(instantOf({ date, minute }, zone)).toBe(Date.parse(iso));
});

test('a half hour that the clocks skip does not exist', () => {
  expect(instantOf({ date: '2026-03-29', minute: 150 }, 'Europe/Berlin')).toBeNull();
  expect(instantOf({ date: '2026-03-08', minute: 150 }, 'America/New_York')).toBeNull();
});

test('the way back is the same one', () => {
  expect(localOf(Date.parse('2026-11-25T16:30:00Z'), 'Asia/Shanghai')).toEqual({
    date: '2026-11-26',
    minute: 30,
    weekday: 4,
  });
});

test('days and weekdays', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(['2026-11-23', '2026-11-29'].map(weekdayOf)).toEqual([1, 7]);
});
