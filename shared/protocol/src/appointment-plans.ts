import { z } from 'zod';
import { BranchId, Instant } from './ids.ts';
import { Text } from './texts.ts';

/** Minutes of a slot: the grain of plans, opening hours and appointments. */
export const SLOT_MINUTES = 30;

/** A half hour of the day by the plan's own clock, `09:30`; `24:00` only as an end. */
const HalfHour = z.string().regex(/^(([01]\d|2[0-3]):(00|30)|24:00)$/);
/** 1 is Monday, 7 Sunday. */
const Weekday = z.number().int().min(1).max(7);
/** A calendar day, `2026-11-25`. */
export const PlanDate = z.iso.date();
const Days = z.array(Weekday).min(1).max(7);
/** A skill that services ask for: `cards`. */
const Family = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

/**
 * What decides over a booking and a check-in, in minutes and days. `early` and `late` are the window around the
 * appointment in which its customer is checked in as booked; `notice` is how long before its beginning a slot can
 * still be taken; `horizonDays` is how far ahead, today included. `openPerPhone` is how many appointments that one phone
 * booked may be open at a time.
 */
export const AppointmentRules = z.strictObject({
  earlyMinutes: z.number().int().min(0).max(240).default(15),
  lateMinutes: z.number().int().min(0).max(60).default(10),
  noticeMinutes: z.number().int().min(0).max(1440).default(30),
  horizonDays: z.number().int().min(1).max(60).default(14),
  openPerPhone: z.number().int().min(1).max(10).default(2),
});
export type AppointmentRules = z.infer<typeof AppointmentRules>;

/** When a branch is open, and the days on which it is not. */
export const BranchHours = z.strictObject({
  branchId: BranchId,
  hours: z.array(z.strictObject({ days: Days, from: HalfHour, to: HalfHour })).max(50),
  holidays: z.array(PlanDate).max(100),
});
export type BranchHours = z.infer<typeof BranchHours>;

/**
 * Agents planned for booked customers, by skill and half hour, for one branch or a group of branches that share them.
 * A line of `dates` replaces the weekly lines of its skill in its half hours of that day; `staff` 0 plans nobody.
 */
export const AppointmentPlan = z.strictObject({
  /** An IANA name, `Asia/Shanghai`: every time in the plan is by its clock. */
  zone: z.string().min(1).max(60),
  branches: z.array(BranchHours).max(2000),
  shifts: z
    .array(
      z.strictObject({
        family: Family,
        days: Days,
        from: HalfHour,
        to: HalfHour,
        staff: z.number().int().min(1).max(500),
      }),
    )
    .max(200),
  dates: z
    .array(
      z.strictObject({
        date: PlanDate,
        family: Family,
        from: HalfHour,
        to: HalfHour,
        staff: z.number().int().min(0).max(500),
      }),
    )
    .max(200),
  rules: AppointmentRules,
});
export type AppointmentPlan = z.infer<typeof AppointmentPlan>;

/** A line that is wrong: which list, which line from 0 (a branch's lists: which branch), and why. */
export const PlanFlaw = z.object({
  list: z.enum(['zone', 'branches', 'hours', 'holidays', 'shifts', 'dates']),
  line: z.number().int(),
  why: z.enum([
    'unknown-zone',
    'ends-before-it-begins',
    'overlaps',
    'unknown-family',
    'unknown-branch',
    'in-another-plan',
    'twice',
  ]),
});
export type PlanFlaw = z.infer<typeof PlanFlaw>;

/** A slot with more booked than planned. */
export const BookedBeyond = z.object({
  startsAt: Instant,
  family: z.string(),
  /** Minutes. */
  planned: z.number().int(),
  booked: z.number().int(),
});
export type BookedBeyond = z.infer<typeof BookedBeyond>;

/** One slot as planned and as booked so far, in minutes. */
export const SlotLoad = z.object({
  family: z.string(),
  startsAt: Instant,
  planned: z.number().int(),
  booked: z.number().int(),
});
export type SlotLoad = z.infer<typeof SlotLoad>;

export const PlanView = z.object({
  planId: z.uuid(),
  /** Goes up with each change; a change of an older version is refused. */
  version: z.number().int(),
  name: Text,
  /** false: shown only. Branch staff change a plan that is of their branch alone. */
  mine: z.boolean(),
  plan: AppointmentPlan,
  /** The coming slots, within the plan's horizon. */
  load: z.array(SlotLoad),
});
export type PlanView = z.infer<typeof PlanView>;

/** GET /api/appointments/plans (administrator: all; branch staff: that of their branch). */
export const PlansOut = z.object({
  plans: z.array(PlanView),
  /** The skills that services which can be booked ask for. */
  families: z.array(z.string()),
  branches: z.array(z.object({ branchId: BranchId, name: Text })),
});
export type PlansOut = z.infer<typeof PlansOut>;

/** POST /api/appointments/plans (administrator): an empty plan for a group of branches. */
export const NewPlanIn = z.object({
  name: z.string().trim().min(1).max(60),
  zone: z.string().min(1).max(60).default('Asia/Shanghai'),
});
export const NewPlanOut = z.object({ planId: z.uuid() });
/**
 * PUT /api/appointments/plans/:planId. `keepBooked`: what is booked stays, also where less is planned now; branch staff
 * see such appointments marked.
 */
export const ChangePlanIn = z.object({
  version: z.number().int(),
  plan: AppointmentPlan,
  keepBooked: z.boolean().default(false),
});
export const ChangePlanOut = z.discriminatedUnion('is', [
  z.object({ is: z.literal('saved'), version: z.number().int() }),
  z.object({ is: z.literal('wrong'), flaws: z.array(PlanFlaw) }),
  /** Nothing was changed: customers have booked more than it would leave. */
  z.object({ is: z.literal('booked-beyond'), slots: z.array(BookedBeyond) }),
  /** Somebody else changed it in the meantime: read it again. */
  z.object({ is: z.literal('outdated') }),
]);
export type ChangePlanOut = z.infer<typeof ChangePlanOut>;

/** Minutes from midnight of `09:30`. */
export const minutesOf = (halfHour: string): number => Number(halfHour.slice(0, 2)) * 60 + Number(halfHour.slice(3, 5));

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

type Line = { from: string; to: string };
const meet = (a: Line, b: Line) => minutesOf(a.from) < minutesOf(b.to) && minutesOf(b.from) < minutesOf(a.to);

/** Every wrong line of a plan; the same look in the browser before it is sent and on the server before it is kept. */
export function flawsOfPlan(plan: AppointmentPlan, known: { families: readonly string[] }): PlanFlaw[] {
  const flaws: PlanFlaw[] = [];
  const flaw = (list: PlanFlaw['list'], line: number, why: PlanFlaw['why']) => flaws.push({ list, line, why });
  const backwards = (line: Line) => minutesOf(line.from) >= minutesOf(line.to);
  if (!isZone(plan.zone)) flaw('zone', 0, 'unknown-zone');

  plan.branches.forEach((branch, i) => {
    if (plan.branches.findIndex(({ branchId }) => branchId === branch.branchId) < i) flaw('branches', i, 'twice');
    if (branch.hours.some(backwards)) flaw('hours', i, 'ends-before-it-begins');
  });
  plan.shifts.forEach((shift, i) => {
    if (backwards(shift)) flaw('shifts', i, 'ends-before-it-begins');
    if (!known.families.includes(shift.family)) flaw('shifts', i, 'unknown-family');
    const earlier = plan.shifts.slice(0, i).filter(({ family }) => family === shift.family);
    if (earlier.some((one) => meet(one, shift) && one.days.some((day) => shift.days.includes(day))))
      flaw('shifts', i, 'overlaps');
  });
  plan.dates.forEach((line, i) => {
    if (backwards(line)) flaw('dates', i, 'ends-before-it-begins');
    if (!known.families.includes(line.family)) flaw('dates', i, 'unknown-family');
    const earlier = plan.dates.slice(0, i);
    if (earlier.some((one) => one.date === line.date && one.family === line.family && meet(one, line)))
      flaw('dates', i, 'overlaps');
  });
  return flaws;
}
