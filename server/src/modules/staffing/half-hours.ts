export type LocalTime = {
  /** `2026-11-25` */
  date: string;
  /** 0 is Sunday. */
  weekday: number;
  /** 0 to 47. */
  halfHour: number;
};

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (zone: string) => {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
};

export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** The calendar day so many days later. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Days from one date to a later one. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** An instant on the wall clock of a time zone (an IANA name). */
export function localTime(at: number, zone: string): LocalTime {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
  return {
    date,
    weekday: weekdayOf(date),
    halfHour: Number(parts['hour']) * 2 + (Number(parts['minute']) >= 30 ? 1 : 0),
  };
}

const QUARTER_MS = 900_000;

/** The moment at which a date begins in a time zone; where clocks turn at midnight, the first moment of that date. */
export function midnightOf(date: string, zone: string): number {
  const noonBefore = Date.parse(`${date}T00:00:00Z`) - 14 * 3_600_000;
  for (let at = noonBefore; ; at += QUARTER_MS) if (localTime(at, zone).date >= date) return at;
}

/** `09:30` for 19. */
export const clockOf = (halfHour: number): string =>
  `${String(Math.floor(halfHour / 2)).padStart(2, '0')}:${halfHour % 2 === 0 ? '00' : '30'}`;
