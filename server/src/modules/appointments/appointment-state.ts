import type { AppointmentAt, AppointmentRules } from '@openvtm/protocol';
import { instantOf, localOf } from './zone.ts';

const MINUTE_MS = 60_000;

export type AppointmentEvent =
  | { is: 'check-in'; startsAt: number; zone: string; rules: AppointmentRules; now: number }
  | { is: 'miss' }
  | { is: 'cancel' }
  | { is: 'call-off' };

/** The window in which a customer is checked in as booked: both ends belong to it. */
export const checkInOf = (startsAt: number, { earlyMinutes, lateMinutes }: AppointmentRules) => ({
  from: startsAt - earlyMinutes * MINUTE_MS,
  until: startsAt + lateMinutes * MINUTE_MS,
});

/** The end of an appointment's day, until which its code brings its customer's case, be it late. */
export const dayEnds = (startsAt: number, zone: string): number =>
  instantOf({ date: localOf(startsAt, zone).date, minute: 1440 }, zone) ?? startsAt;

/** What the window says to somebody who comes now. Pure. */
export function comingAt(
  { startsAt, zone, rules }: { startsAt: number; zone: string; rules: AppointmentRules },
  now: number,
): 'early' | 'arrived' | 'late' | 'over' {
  const { from, until } = checkInOf(startsAt, rules);
  if (now < from) return 'early';
  if (now <= until) return 'arrived';
  return now < dayEnds(startsAt, zone) ? 'late' : 'over';
}

/**
 * The whole life of an appointment. Pure; null: not from here, or not now. Who was taken for missing and comes within
 * the window all the same, after the clock was put right, has arrived.
 */
export function nextAppointment(at: AppointmentAt, event: AppointmentEvent): AppointmentAt | null {
  if (at !== 'booked' && at !== 'missed') return null;
  switch (event.is) {
    case 'check-in': {
      const coming = comingAt(event, event.now);
      return coming === 'arrived' || coming === 'late' ? coming : null;
    }
    case 'miss':
      return at === 'booked' ? 'missed' : null;
    case 'cancel':
      return at === 'booked' ? 'cancelled' : null;
    default:
      return at === 'booked' ? 'called-off' : null;
  }
}
