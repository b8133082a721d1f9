import { AppointmentPlan, flawsOfPlan, minutesOf, SLOT_MINUTES, type PlanFlaw, type SlotLoad } from '@openvtm/protocol';

const SLOTS = (24 * 60) / SLOT_MINUTES;
/** `00:00` to `24:00`, by half hours. */
export const HALF_HOURS: readonly string[] = Array.from({ length: SLOTS + 1 }, (_, i) => {
  const minute = i * SLOT_MINUTES;
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
});
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** 1 is Monday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

/** How many are planned for a skill in each half hour of a day, as the server reckons it. Pure. */
export function staffOn(plan: Pick<AppointmentPlan, 'shifts' | 'dates'>, family: string, date: string): number[] {
  const staff = Array.from({ length: SLOTS }, () => 0);
  const put = ({ from, to, staff: n }: { from: string; to: string; staff: number }) => {
    for (let minute = minutesOf(from); minute < minutesOf(to); minute += SLOT_MINUTES) staff[minute / SLOT_MINUTES] = n;
  };
  for (const shift of plan.shifts) if (shift.family === family && shift.days.includes(weekdayOf(date))) put(shift);
  for (const line of plan.dates) if (line.family === family && line.date === date) put(line);
  return staff;
}

export type DaySlot = {
  at: string;
  /** Minutes: booked, planned by the plan in force, and by the one that is being edited. */
  booked: number;
  planned: number;
  edited: number;
};

/** A day's half hours of one skill in which anybody is planned or booked. Pure. */
export function dayOf(
  plan: AppointmentPlan,
  wish: { inForce: AppointmentPlan; load: readonly SlotLoad[]; family: string; date: string },
): DaySlot[] {
  const { inForce, load, family, date } = wish;
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: plan.zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const booked = new Map<string, number>();
  for (const slot of load) {
    if (slot.family !== family) continue;
    const part = Object.fromEntries(clock.formatToParts(slot.startsAt).map(({ type, value }) => [type, value]));
    if (`${part['year']}-${part['month']}-${part['day']}` === date)
      booked.set(`${part['hour']}:${part['minute']}`, slot.booked);
  }
  const before = staffOn(inForce, family, date);
  return staffOn(plan, family, date)
    .map((staff, i) => {
      const at = HALF_HOURS[i] ?? '';
      return {
        at,
        booked: booked.get(at) ?? 0,
        planned: (before[i] ?? 0) * SLOT_MINUTES,
        edited: staff * SLOT_MINUTES,
      };
    })
    .filter((slot) => slot.booked + slot.planned + slot.edited > 0);
}

/** A wrong line by its list and place (`shifts 2`, `rules earlyMinutes`), and why. */
export type Problems = ReadonlyMap<string, PlanFlaw['why'] | 'wrong-value'>;

/** Every wrong line of a plan that is being typed, as the server will find them. Pure. */
export function problemsOf(plan: AppointmentPlan, families: readonly string[]): Problems {
  const problems = new Map<string, PlanFlaw['why'] | 'wrong-value'>();
  const read = AppointmentPlan.safeParse(plan);
  for (const { path } of read.error?.issues ?? []) {
    const [list, line, inner] = path.map(String);
    problems.set(list === 'branches' && inner ? `${inner} ${line}` : `${list} ${line ?? 0}`, 'wrong-value');
  }
  // Lines that the schema refuses can't be compared with each other.
  if (read.success)
    for (const { list, line, why } of flawsOfPlan(read.data, { families })) problems.set(`${list} ${line}`, why);
  return problems;
}
