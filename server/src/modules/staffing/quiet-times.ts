import { HALF_HOURS_A_DAY, type QuietTime } from '@openvtm/protocol';
import { likeDays, weightsOf, type PastDay } from './forecast.ts';
import { addDays, clockOf, localTime } from './half-hours.ts';

/** Days with somebody in a half hour, before it is said how long one usually waits there. */
const ENOUGH_DAYS = 3;
/** A quieter time is worth coming back for when the wait is at most half of what it is now, and so much shorter (ms). */
const SHARE = 0.5;
const SHORTER_MS = 4 * 60_000;
/** Nobody is sent away for what begins sooner than this (half hours). */
const AHEAD = 2;
const MOST_A_DAY = 2;

type Usual = { meanMs: number; days: number } | null;

/** How long customers usually waited in each half hour of days like `date`; null where too few days tell. */
export function usualWaits(days: readonly PastDay[], date: string): Usual[] {
  const { like } = likeDays(days, date);
  const weights = weightsOf(like, date);
  return Array.from({ length: HALF_HOURS_A_DAY }, (_, slot) => {
    let [arrivals, waited, told] = [0, 0, 0];
    like.forEach((day, i) => {
      const came = day.arrivals[slot] ?? 0;
      if (came > 0) told += 1;
      arrivals += came * (weights[i] ?? 0);
      waited += (day.waitedMs[slot] ?? 0) * (weights[i] ?? 0);
    });
    return told >= ENOUGH_DAYS ? { meanMs: waited / arrivals, days: told } : null;
  });
}

/**
 * Times later today and tomorrow at which those who aren't in a hurry would usually wait much less than `waitMs`.
 * Only half hours that are open and that enough days tell of are named; none is better than an invented one.
 */
export function quietTimes(
  days: readonly PastDay[],
  {
    now,
    zone,
    waitMs,
    isOpen,
  }: {
    now: number;
    zone: string;
    waitMs: number;
    isOpen: (date: string, halfHour: number) => boolean;
  },
): QuietTime[] {
  const here = localTime(now, zone);
  const most = Math.min(waitMs * SHARE, waitMs - SHORTER_MS);
  if (most < 0) return [];
  const quietOn = (day: QuietTime['day'], date: string, first: number): QuietTime[] => {
    const usual = usualWaits(days, date);
    const found: { from: number; to: number; waits: number[]; days: number }[] = [];
    for (let slot = first; slot < HALF_HOURS_A_DAY; slot += 1) {
      const known = usual[slot];
      if (!known || known.meanMs > most || !isOpen(date, slot)) continue;
      const last = found.at(-1);
      if (last?.to === slot) {
        last.to += 1;
        last.waits.push(known.meanMs);
        last.days = Math.min(last.days, known.days);
      } else found.push({ from: slot, to: slot + 1, waits: [known.meanMs], days: known.days });
    }
    return found
      .toSorted((a, b) => Math.min(...a.waits) - Math.min(...b.waits))
      .slice(0, MOST_A_DAY)
      .toSorted((a, b) => a.from - b.from)
      .map(({ from, to, waits, days }) => ({
        day,
        from: clockOf(from),
        to: to === HALF_HOURS_A_DAY ? '24:00' : clockOf(to),
        minutes: Math.max(1, Math.ceil(Math.max(...waits) / 60_000)),
        days,
      }));
  };
  return [...quietOn('today', here.date, here.halfHour + AHEAD), ...quietOn('tomorrow', addDays(here.date, 1), 0)];
}
