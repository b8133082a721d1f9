import type { Translate } from './i18n.ts';

/** A length of time (ms) in words: `45 s`, `3 min 5 s`, `2 h 10 min`. Seconds are dropped from an hour on. */
export function formatDuration(ms: number, t: Translate): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  if (hours > 0) return t('duration.hoursMinutes', { hours, minutes });
  if (minutes === 0) return t('duration.seconds', { seconds });
  if (seconds === 0) return t('duration.minutes', { minutes });
  return t('duration.minutesSeconds', { minutes, seconds });
}

/** A running clock (ms): `0:07`, `12:30`, `1:02:03`. Digits only, the same in every language. */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** An expected wait (minutes) as a sentence; null: nobody who could serve is on duty. */
export function formatWait(wait: { from: number; to: number } | null, t: Translate): string {
  if (wait === null) return t('wait.nobody');
  const to = Math.max(1, wait.to);
  if (wait.from <= 0) return t('wait.short', { to }, to);
  if (wait.from >= to) return t('wait.about', { to }, to);
  return t('wait.range', { from: wait.from, to });
}

/** A moment's time of day in the screen's language, hours and minutes; without a zone, by the clock of this device. */
export function formatTimeOfDay(instant: number, language: string, timeZone?: string): string {
  const wish = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language, timeZone ? { ...wish, timeZone } : wish).format(instant);
}

/** A moment's day with its weekday, without the year: `Thu, 26 Nov`; without a zone, by the clock of this device. */
export function formatDay(instant: number, language: string, timeZone?: string): string {
  const wish = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  return new Intl.DateTimeFormat(language, timeZone ? { ...wish, timeZone } : wish).format(instant);
}

/** A moment's date and time in the screen's language, in the time zone of this device. */
export function formatDateTime(instant: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hour12: false }).format(instant);
}

/** A date with its year in the screen's language, from `2026-11-25` or a moment. */
export function formatDate(day: string | Date, language: string): string {
  const at = typeof day === 'string' ? new Date(`${day}T00:00:00`) : day;
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at);
}

/** Money as the bank keeps it (`1234.50`), in the screen's language. */
export const formatMoney = (amount: string, { currency, locale }: { currency: string; locale: string }): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Number(amount));

/** The sentence for a failed request; codes are those of the protocol and `offline`. */
export const errorText = (code: string, t: Translate): string => t(`error.${code}`);

/** `1234567.5` → `1,234,567.5`, as far as it is typed. */
export function groupedAmount(typed: string): string {
  const [yuan = '', ...fen] = typed.replaceAll(',', '').split('.');
  return [yuan.replace(/\B(?=(\d{3})+$)/g, ','), ...fen].join('.');
}
