import { AppointmentAt, AppointmentRules } from '@openvtm/protocol';
import { describe, expect, test } from 'vitest';
import { comingAt, nextAppointment, type AppointmentEvent } from './appointment-state.ts';

const rules = AppointmentRules.parse({});
const startsAt = Date.parse('2026-11-25T02:00:00Z');
const zone = 'Asia/Shanghai';
const MINUTE = 60_000;

describe('the window', () => {
  test.each([
    ['a moment too soon', -15 * MINUTE - 1, 'early'],
    ['a quarter of an hour before', -15 * MINUTE, 'arrived'],
    ['on the dot', 0, 'arrived'],
    ['ten minutes after', 10 * MINUTE, 'arrived'],
    ['a moment later than that', 10 * MINUTE + 1, 'late'],
    ['at the last moment of the day', Date.parse('2026-11-25T16:00:00Z') - startsAt - 1, 'late'],
    ['the next day', Date.parse('2026-11-25T16:00:00Z') - startsAt, 'over'],
  ])('%s', (_, after, coming) => {
    expect(comingAt({ startsAt, zone, rules }, startsAt + after)).toBe(coming);
  });
});

test('who may go where, from each state', () => {
  const checkIn = (after: number): AppointmentEvent => ({
    is: 'check-in',
    startsAt,
    zone,
    rules,
    now: startsAt + after,
  });
  const events: Record<string, AppointmentEvent> = {
    'in time': checkIn(0),
    late: checkIn(60 * MINUTE),
    early: checkIn(-60 * MINUTE),
    miss: { is: 'miss' },
    cancel: { is: 'cancel' },
    'call-off': { is: 'call-off' },
  };
  const ways = Object.fromEntries(
    AppointmentAt.options.map((at) => [
      at,
      Object.entries(events).flatMap(([name, event]) => {
        const to = nextAppointment(at, event);
        return to ? [`${name} → ${to}`] : [];
      }),
    ]),
  );
  expect(ways).toEqual({
    booked: ['in time → arrived', 'late → late', 'miss → missed', 'cancel → cancelled', 'call-off → called-off'],
    missed: ['in time → arrived', 'late → late'],
    arrived: [],
    late: [],
    cancelled: [],
    'called-off': [],
  });
});
