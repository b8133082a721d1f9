/** How far a day has been chosen: what is typed or touched in the order year, month, day. */
export type DateParts = { year?: number; month?: number; day?: number };
export type DatePart = keyof DateParts;
/** Days as `2026-11-25`; they compare as texts do. */
export type DateBounds = { min: string; max: string };

/** Nobody is older, and nothing that a bank asks for ends later. */
const YEARS_BACK = 120;
const YEARS_AHEAD = 30;

const padded = (number: number, length: number) => String(number).padStart(length, '0');
const inYears = (today: string, years: number) => `${padded(Number(today.slice(0, 4)) + years, 4)}${today.slice(4)}`;

/** Which days are offered: those that the field's schema allows (`day`), within a life's length. */
export function boundsOf(day: 'past' | 'future' | undefined, today: string): DateBounds {
  return {
    min: day === 'future' ? today : inYears(today, -YEARS_BACK),
    max: day === 'past' ? today : inYears(today, YEARS_AHEAD),
  };
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** `1950-08` → year and month; what is not typed to its end, or stands on no calendar, is left out. */
export function partsOf(raw: string): DateParts {
  const [yyyy = '', mm = '', dd = ''] = raw.split('-');
  if (!/^\d{4}$/.test(yyyy)) return {};
  const year = Number(yyyy);
  const month = Number(mm);
  if (!/^\d{2}$/.test(mm) || month < 1 || month > 12) return { year };
  const day = Number(dd);
  return /^\d{2}$/.test(dd) && day >= 1 && day <= daysIn(year, month) ? { year, month, day } : { year, month };
}

const textOf = ({ year, month, day }: DateParts): string =>
  [
    year === undefined ? [] : padded(year, 4),
    month === undefined ? [] : padded(month, 2),
    day === undefined ? [] : padded(day, 2),
  ]
    .flat()
    .join('-');

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** The years on offer, by tens: a birth in 1950 is two touches away, not seven pages. */
export function decadesOf({ min, max }: DateBounds): number[][] {
  const byDecade = Map.groupBy(range(Number(min.slice(0, 4)), Number(max.slice(0, 4))), (year) =>
    Math.floor(year / 10),
  );
  return [...byDecade.values()];
}

/** The months of a year that have a day within the bounds. */
export const monthsOf = (year: number, { min, max }: DateBounds): number[] =>
  range(1, 12).filter((month) => {
    const text = textOf({ year, month });
    return text >= min.slice(0, 7) && text <= max.slice(0, 7);
  });

export const daysOf = (year: number, month: number, { min, max }: DateBounds): number[] =>
  range(1, daysIn(year, month)).filter((day) => {
    const text = textOf({ year, month, day });
    return text >= min && text <= max;
  });

/** Puts a chosen part into what is there; what stood behind it stays as far as the calendar and the bounds still have it. */
export function withPart(raw: string, [part, number]: [DatePart, number], bounds: DateBounds): string {
  const parts: DateParts = { ...partsOf(raw), [part]: number };
  const { year, month, day } = parts;
  if (year === undefined || month === undefined || !monthsOf(year, bounds).includes(month))
    return textOf(year === undefined ? {} : { year });
  return textOf(
    day !== undefined && daysOf(year, month, bounds).includes(day) ? { year, month, day } : { year, month },
  );
}
