const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A moment on a zone's clock: the calendar day, minutes from midnight, and the day of the week from 1, Monday. */
export type Local = { date: string; minute: number; weekday: number };

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  return format;
}

/** What the clocks of a zone show at an instant. */
export function localOf(instant: number, zone: string): Local {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
  return { date, minute: Number(parts['hour']) * 60 + Number(parts['minute']), weekday: weekdayOf(date) };
}

/** 1 is Monday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/**
 * The instant at which a zone's clocks show this; null where they skip it in spring. Of the two where they go back, the
 * first. `minute` 1440 is the next day's midnight.
 */
export function instantOf({ date, minute }: Pick<Local, 'date' | 'minute'>, zone: string): number | null {
  const day = minute >= 1440 ? addDays(date, 1) : date;
  const wanted = minute % 1440;
  const wall = Date.parse(`${day}T00:00:00Z`) + wanted * MINUTE_MS;
  // The offset is the day before's or the day after's: clocks change at most once in between.
  for (const near of [wall - DAY_MS, wall + DAY_MS]) {
    const shown = localOf(near, zone);
    const offset = Date.parse(`${shown.date}T00:00:00Z`) + shown.minute * MINUTE_MS - near;
    const instant = wall - offset;
    const found = localOf(instant, zone);
    if (found.date === day && found.minute === wanted) return instant;
  }
  return null;
}
