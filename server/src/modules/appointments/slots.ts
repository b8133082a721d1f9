import { minutesOf, SLOT_MINUTES, type AppointmentPlan, type BranchHours } from '@openvtm/protocol';
import { addDays, instantOf, localOf, weekdayOf } from './zone.ts';

export const SLOT_MS = SLOT_MINUTES * 60_000;

/** A half hour of one skill, and the agents' minutes planned in it. */
export type PlannedSlot = { family: string; startsAt: number; planned: number };

/** The days that a plan reaches to, today first. */
export function daysOf({ zone, rules }: Pick<AppointmentPlan, 'zone' | 'rules'>, now: number): string[] {
  const today = localOf(now, zone).date;
  return Array.from({ length: rules.horizonDays }, (_, i) => addDays(today, i));
}

/** Every slot of these days with somebody planned. A half hour that the clocks skip is none. Pure. */
export function plannedSlots(plan: AppointmentPlan, days: readonly string[]): PlannedSlot[] {
  const slots: PlannedSlot[] = [];
  for (const date of days) {
    const staff = new Map<string, Map<number, number>>();
    const put = (family: string, { from, to }: { from: string; to: string }, agents: number) => {
      const at = staff.get(family) ?? new Map<number, number>();
      staff.set(family, at);
      for (let minute = minutesOf(from); minute < minutesOf(to); minute += SLOT_MINUTES) at.set(minute, agents);
    };
    for (const shift of plan.shifts) if (shift.days.includes(weekdayOf(date))) put(shift.family, shift, shift.staff);
    for (const line of plan.dates) if (line.date === date) put(line.family, line, line.staff);
    for (const [family, at] of staff) {
      for (const [minute, agents] of at) {
        const startsAt = agents > 0 ? instantOf({ date, minute }, plan.zone) : null;
        if (startsAt !== null) slots.push({ family, startsAt, planned: agents * SLOT_MINUTES });
      }
    }
  }
  return slots;
}

/** Whether a branch is open from an instant on for so many minutes. Pure. */
export function isOpen(
  { hours, holidays }: Pick<BranchHours, 'hours' | 'holidays'>,
  { startsAt, minutes, zone }: { startsAt: number; minutes: number; zone: string },
): boolean {
  const { date, minute, weekday } = localOf(startsAt, zone);
  if (holidays.includes(date)) return false;
  return hours.some(
    ({ days, from, to }) => days.includes(weekday) && minutesOf(from) <= minute && minute + minutes <= minutesOf(to),
  );
}

/**
 * What an appointment takes of which slots: a service that is longer than a half hour goes on in the next ones. Both
 * lists are by time, so that everybody locks them in the same order.
 */
export function takenBy({ startsAt, minutes }: { startsAt: number; minutes: number }): {
  starts: number[];
  minutes: number[];
} {
  const starts: number[] = [];
  const each: number[] = [];
  for (let left = minutes; left > 0; left -= SLOT_MINUTES) {
    starts.push(startsAt + starts.length * SLOT_MS);
    each.push(Math.min(left, SLOT_MINUTES));
  }
  return { starts, minutes: each };
}

/** Slots at which so many minutes still fit, by what is planned and taken; those of one skill, by time. Pure. */
export function fitting(
  slots: readonly { startsAt: number; planned: number; taken: number }[],
  minutes: number,
): number[] {
  const room = new Map(slots.map(({ startsAt, planned, taken }) => [startsAt, planned - taken]));
  return slots
    .map(({ startsAt }) => startsAt)
    .filter((startsAt) => {
      const wish = takenBy({ startsAt, minutes });
      return wish.starts.every((start, i) => (room.get(start) ?? 0) >= (wish.minutes[i] ?? 0));
    });
}
