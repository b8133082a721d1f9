import { HALF_HOURS_A_DAY } from '@openvtm/protocol';
import { addDays, daysBetween, localTime, weekdayOf } from './half-hours.ts';

/** So many customers of the past who came from `at` on, within a quarter of an hour, and how long they waited in all. */
export type Arrivals = { at: number; count: number; waitedMs: number };

/** A whole past day: arrivals and their waits by half hour of the wall clock. */
export type PastDay = { date: string; arrivals: number[]; waitedMs: number[] };

/**
 * What a forecast rests on. `weekday`: at least `ENOUGH_DAYS` of the same weekday. `kind-of-day`: too few of them, so
 * all working days, or all Saturdays and Sundays. `any-day`: fewer still. `none`: there's no past to learn from.
 */
export type Basis = { kind: 'weekday' | 'kind-of-day' | 'any-day' | 'none'; days: string[]; closedDays: string[] };
export type Forecast = {
  date: string;
  basis: Basis;
  /** By half hour: arrivals to expect, and the range in which four of five such half hours fall. */
  slots: { expected: number; low: number; high: number }[];
};

const ENOUGH_DAYS = 3;
/** A day counts half as much as one four weeks later. */
const HALF_LIFE_DAYS = 28;
/** Nine tenths of a normal distribution lie below this many deviations, so that four fifths lie between both ends. */
const NINE_TENTHS = 1.2816;

/** The days from `from` to `to` (both whole, both included) in a time zone, also those on which nobody came. */
export function pastDays(
  arrivals: readonly Arrivals[],
  { zone, from, to }: { zone: string; from: string; to: string },
): PastDay[] {
  const days = new Map<string, PastDay>();
  const zeros = () => Array.from({ length: HALF_HOURS_A_DAY }, () => 0);
  for (let date = from; date <= to; date = addDays(date, 1))
    days.set(date, { date, arrivals: zeros(), waitedMs: zeros() });
  for (const { at, count, waitedMs } of arrivals) {
    const { date, halfHour } = localTime(at, zone);
    const day = days.get(date);
    if (!day) continue;
    day.arrivals[halfHour] = (day.arrivals[halfHour] ?? 0) + count;
    day.waitedMs[halfHour] = (day.waitedMs[halfHour] ?? 0) + waitedMs;
  }
  return [...days.values()];
}

const arrivalsOf = (day: PastDay) => day.arrivals.reduce((sum, n) => sum + n, 0);
const isWeekend = (date: string) => [0, 6].includes(weekdayOf(date));

/** Which past days a day is like. A day without anybody, among like days with somebody, was a closed one and teaches nothing. */
export function likeDays(days: readonly PastDay[], date: string): { basis: Basis; like: PastDay[] } {
  const before = days.filter((day) => day.date < date);
  const choices = [
    { kind: 'weekday', isLike: (day: PastDay) => weekdayOf(day.date) === weekdayOf(date), enough: ENOUGH_DAYS },
    { kind: 'kind-of-day', isLike: (day: PastDay) => isWeekend(day.date) === isWeekend(date), enough: ENOUGH_DAYS },
    { kind: 'any-day', isLike: () => true, enough: 1 },
  ] as const;
  for (const { kind, isLike, enough } of choices) {
    const alike = before.filter(isLike);
    const open = alike.filter((day) => arrivalsOf(day) > 0);
    // A weekday on which nobody ever comes is known well: it's a day off.
    const like = open.length === 0 && kind !== 'any-day' ? alike : open;
    if (like.length < enough) continue;
    const closedDays = alike.filter((day) => !like.includes(day)).map((day) => day.date);
    return { basis: { kind, days: like.map((day) => day.date), closedDays }, like };
  }
  return { basis: { kind: 'none', days: [], closedDays: [] }, like: [] };
}

/** How much each like day counts: recent ones more. The sum is 1. */
export function weightsOf(like: readonly PastDay[], date: string): number[] {
  const raw = like.map((day) => 0.5 ** (daysBetween(day.date, date) / HALF_LIFE_DAYS));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

/** Arrivals to expect on a day, by half hour, from like days of the past. */
export function forecast(days: readonly PastDay[], date: string): Forecast {
  const { basis, like } = likeDays(days, date);
  const weights = weightsOf(like, date);
  // As many days as would say as much if all counted the same (Kish, 1965).
  const effective = 1 / weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const slots = Array.from({ length: HALF_HOURS_A_DAY }, (_, slot) => {
    const counts = like.map((day) => day.arrivals[slot] ?? 0);
    const expected = counts.reduce((sum, count, i) => sum + count * (weights[i] ?? 0), 0);
    if (like.length === 0) return { expected: 0, low: 0, high: 0 };
    const spread = counts.reduce((sum, count, i) => sum + (weights[i] ?? 0) * (count - expected) ** 2, 0);
    // Chance alone spreads arrivals by their mean; days differ by more. Few days: the mean itself is uncertain too.
    const variance = Math.max(expected, spread) * (1 + 1 / effective);
    const reach = NINE_TENTHS * Math.sqrt(variance);
    return { expected, low: Math.max(0, Math.floor(expected - reach)), high: Math.ceil(expected + reach) };
  });
  return { date, basis, slots };
}
