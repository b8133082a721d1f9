import { z } from 'zod';
import { Instant } from './ids.ts';
import { RulesFlaw } from './queue-rules.ts';
import { Text } from './texts.ts';

const Count = z.number().int().nonnegative();
/** Seconds. */
const Wait = z.number().int().nonnegative();
/** Of a hundred; null where there is nothing to take a share of. */
const Percent = z.number().nullable();

/** What became of a day's customers, or of those in one queue. */
export const ReplayLine = z.object({
  came: Count,
  answered: Count,
  abandoned: Count,
  /** Neither, when the day ended. */
  waiting: Count,
  meanWait: Wait,
  p90Wait: Wait,
  longestWait: Wait,
  /** In time of those answered. */
  sl: Percent,
  /** In time, answered or gone, of those answered or gone. */
  sl2: Percent,
  abandonedShare: Percent,
  reOffers: Count,
});
export type ReplayLine = z.infer<typeof ReplayLine>;

export const ReplayFigures = z.object({
  all: ReplayLine,
  /** Share of the agents' time with customers; null for what was recorded without it. */
  occupancy: Percent,
  queues: z.array(ReplayLine.extend({ id: z.string(), title: Text })),
  curve: z.array(z.object({ at: Instant, came: Count, meanWait: Wait, p90Wait: Wait })),
});
export type ReplayFigures = z.infer<typeof ReplayFigures>;

/** One day through two sets of rules. */
export const ReplayReport = z.object({
  date: z.iso.date(),
  timeZone: z.string(),
  /** The day was invented: there was none to go by, or the asker wanted one. */
  generated: z.boolean(),
  agents: Count,
  /** As it really was; null for an invented day. */
  recorded: ReplayFigures.nullable(),
  before: ReplayFigures,
  after: ReplayFigures,
});
export type ReplayReport = z.infer<typeof ReplayReport>;

/** GET /api/replay (administrator, supervisor): the days that can be run again, newest first. */
export const ReplayDays = z.object({ days: z.array(z.object({ date: z.iso.date(), customers: Count })) });
export type ReplayDays = z.infer<typeof ReplayDays>;

/** POST /api/replay (administrator): what rules, given as text, would have done on a day; without a date an invented day. */
export const ReplayWish = z.object({ text: z.string().min(1).max(400_000), date: z.iso.date().nullable() });
export type ReplayWish = z.infer<typeof ReplayWish>;
/** Either what is wrong with the text, or the comparison with the rules in force. */
export const ReplayAnswer = z.discriminatedUnion('is', [
  z.object({ is: z.literal('flawed'), flaws: z.array(RulesFlaw) }),
  z.object({ is: z.literal('compared'), report: ReplayReport }),
]);
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;
