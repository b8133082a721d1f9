import { z } from 'zod';
import { request } from './define.ts';
import { CaseId, Instant } from './ids.ts';

/** A day by the clock on the wall, in half hours from midnight. */
export const HALF_HOURS_A_DAY = 48;

const Share = z.coerce.number().int().min(0).max(99);

/** What agents are to reach. Percentages are whole numbers. */
export const StaffingGoal = z.object({
  /** So many of a hundred customers are answered … */
  share: Share.min(1).default(80),
  /** … within so many seconds. */
  withinSeconds: z.coerce.number().int().min(0).max(3600).default(60),
  /** How long customers wait before they give up, on average; null: for ever, which is Erlang C. */
  patienceSeconds: z.preprocess(
    (value) => (value === '' || value === 'none' ? null : value),
    z.coerce.number().int().min(10).max(7200).nullable().default(600),
  ),
  /** Agents are busy with customers at most this much of their time. */
  occupancy: Share.min(10).default(85),
  /** So many of a hundred on the schedule are on a break, in training or ill. */
  absent: Share.max(80).default(20),
});
export type StaffingGoal = z.infer<typeof StaffingGoal>;

const Day = z.iso.date();

/** GET /api/staffing?day=2026-11-26&share=… (supervisor, administrator). Without a day: today. */
export const StaffingQuery = StaffingGoal.extend({
  day: Day.optional(),
});
export type StaffingQuery = z.infer<typeof StaffingQuery>;

export const StaffingSlot = z.object({
  /** `09:30` on the wall clock. */
  from: z.string(),
  /** Customers to expect, and the range in which four of five such half hours fall. */
  expected: z.number().nonnegative(),
  low: z.number().int().nonnegative(),
  high: z.number().int().nonnegative(),
  /** Agents at their desks that reach the goal for the expected, and for the upper end of the range. */
  agents: z.number().int().nonnegative(),
  agentsBusy: z.number().int().nonnegative(),
  /** `agents`, and those absent on top. */
  scheduled: z.number().int().nonnegative(),
  /** What that many agents reach: percent answered within the goal's seconds, mean wait, percent of their time busy. */
  answeredWithin: z.number().int(),
  meanWaitSeconds: z.number().int(),
  occupancy: z.number().int(),
});

/** A day's forecast and the agents it needs, by half hour. */
export const StaffingDay = z.object({
  date: Day,
  zone: z.string(),
  goal: StaffingGoal,
  /** The past days it rests on, and those left out because nobody came, as on a holiday. */
  basis: z.object({
    kind: z.enum(['weekday', 'kind-of-day', 'any-day', 'none']),
    days: z.array(Day),
    closedDays: z.array(Day),
  }),
  /** Seconds that a customer takes an agent, from so many calls; from 0 calls it is an assumption. */
  handle: z.object({ seconds: z.number().int().positive(), from: z.number().int().nonnegative() }),
  slots: z.array(StaffingSlot),
});
export type StaffingDay = z.infer<typeof StaffingDay>;

/** What really came on that day so far, by half hour; null for what is still to come. */
export const StaffingPage = z.object({
  day: StaffingDay,
  now: Instant,
  arrived: z.array(z.number().int().nonnegative().nullable()),
});
export type StaffingPage = z.infer<typeof StaffingPage>;

/** A time with usually much less of a wait. `days`: from how many past days that is known. */
export const QuietTime = z.object({
  day: z.enum(['today', 'tomorrow']),
  from: z.string(),
  to: z.string(),
  /** Usual wait, rounded up. */
  minutes: z.number().int().positive(),
  days: z.number().int().positive(),
});
export type QuietTime = z.infer<typeof QuietTime>;

export const staffingRequests = {
  /** Quieter times for a waiting customer who is not in a hurry; empty when none is known or the wait is short. */
  'staffing:quiet-times': request({
    from: ['kiosk'],
    stage: 'ready',
    changes: false,
    in: z.object({ caseId: CaseId }),
    out: z.object({ times: z.array(QuietTime).max(4) }),
  }),
};
