import { WEEKDAYS, type QueueRule } from '@openvtm/protocol';

type Hours = Pick<QueueRule, 'hours' | 'holidays'>;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Further ahead nobody looks: more holidays in a row than a file can name. */
const LOOK_AHEAD_DAYS = 420;

/** Minutes after midnight of `HH:MM`. */
export const minutesOf = (hour: string): number => Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3));

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format;
}

/** What the clocks on the wall show there: the moment as if it were UTC. */
const wallOf = (now: number, timeZone: string): number =>
  Date.parse(`${formatOf(timeZone).format(now).replace(' ', 'T')}Z`);

/** The moment at which the clocks on the wall show this; in the hour that is left out in spring, the moment after it. */
function instantOf(wall: number, timeZone: string): number {
  const first = wall - (wallOf(wall, timeZone) - wall);
  return wall - (wallOf(first, timeZone) - first);
}

/** The hours of the day on which this wall time lies. */
function spansOf({ hours, holidays }: Hours, wall: number): { from: string; to: string }[] {
  const date = new Date(wall);
  const holiday = holidays.find((one) => one.date === date.toISOString().slice(0, 10));
  if (holiday) return holiday.hours;
  if (hours === 'always') return [{ from: '00:00', to: '24:00' }];
  return hours[WEEKDAYS[(date.getUTCDay() + 6) % 7] ?? 'mon'];
}

/** Whether the queue is open at this moment; `from` belongs to the hours, `to` does not. */
export function isOpen(queue: Hours, timeZone: string, now: number): boolean {
  if (queue.hours === 'always' && queue.holidays.length === 0) return true;
  const wall = wallOf(now, timeZone);
  const minute = Math.floor((wall % DAY_MS) / MINUTE_MS);
  return spansOf(queue, wall).some(({ from, to }) => minutesOf(from) <= minute && minute < minutesOf(to));
}

/** When it opens next; `now` when it is open, null when it does not within a year. */
export function nextOpening(queue: Hours, timeZone: string, now: number): number | null {
  if (isOpen(queue, timeZone, now)) return now;
  const wall = wallOf(now, timeZone);
  const midnight = wall - (wall % DAY_MS);
  for (let day = 0; day < LOOK_AHEAD_DAYS; day += 1) {
    for (const { from } of spansOf(queue, midnight + day * DAY_MS)) {
      const at = instantOf(midnight + day * DAY_MS + minutesOf(from) * MINUTE_MS, timeZone);
      if (at > now) return at;
    }
  }
  return null;
}

/** When it opens or closes next; null: it does neither within a year. Hours that touch may name a moment at which nothing changes. */
export function nextChange(queue: Hours, timeZone: string, now: number): number | null {
  if (queue.hours === 'always' && queue.holidays.length === 0) return null;
  if (!isOpen(queue, timeZone, now)) return nextOpening(queue, timeZone, now);
  const wall = wallOf(now, timeZone);
  const midnight = wall - (wall % DAY_MS);
  const minute = Math.floor((wall % DAY_MS) / MINUTE_MS);
  const span = spansOf(queue, wall).find(({ from, to }) => minutesOf(from) <= minute && minute < minutesOf(to));
  return span ? instantOf(midnight + minutesOf(span.to) * MINUTE_MS, timeZone) : null;
}

/** The last midnight there, by the clocks on the wall. */
export function midnightBefore(now: number, timeZone: string): number {
  const wall = wallOf(now, timeZone);
  return instantOf(wall - (wall % DAY_MS), timeZone);
}
