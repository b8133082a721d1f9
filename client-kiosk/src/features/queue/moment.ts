import { formatDay, formatTimeOfDay } from '@openvtm/ui';

const dayOf = (instant: number) => new Date(instant).toDateString();

/** A moment to come as one says it: the time alone today, the day before it on any other. */
export function momentInWords(instant: number, { now, locale }: { now: number; locale: string }): string {
  const time = formatTimeOfDay(instant, locale);
  return dayOf(instant) === dayOf(now) ? time : `${formatDay(instant, locale)} ${time}`;
}
