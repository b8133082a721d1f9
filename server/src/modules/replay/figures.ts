import type { ReplayFigures, ReplayLine } from '@openvtm/protocol';
import type { QueueRules } from '@openvtm/protocol';
import type { Day } from './day.ts';
import type { Outcome, Simulated } from './simulate.ts';

const HALF_HOUR_MS = 1_800_000;

/** The value below which the share `q` of the samples lies, by nearest rank; 0 without samples. */
const quantile = (samples: readonly number[], q: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
};
const percent = (part: number, of: number): number | null => (of === 0 ? null : Math.round((part / of) * 1000) / 10);
const seconds = (ms: number) => Math.round(ms / 1000);

/**
 * Service level both ways: of those answered, and of all who were answered or gave up, those in time. Waits are those of
 * everybody who came. Customers still waiting when the day ended count as neither.
 */
function lineOf(outcomes: readonly Outcome[], inTime: (outcome: Outcome) => boolean): ReplayLine {
  const answered = outcomes.filter(({ end }) => end === 'answered');
  const abandoned = outcomes.filter(({ end }) => end === 'abandoned');
  const waits = outcomes.map(({ waitedMs }) => waitedMs);
  const [soon, soonGone] = [answered.filter(inTime).length, abandoned.filter(inTime).length];
  return {
    came: outcomes.length,
    answered: answered.length,
    abandoned: abandoned.length,
    waiting: outcomes.length - answered.length - abandoned.length,
    meanWait: seconds(waits.length === 0 ? 0 : waits.reduce((sum, wait) => sum + wait, 0) / waits.length),
    p90Wait: seconds(quantile(waits, 0.9)),
    longestWait: seconds(quantile(waits, 1)),
    sl: percent(soon, answered.length),
    sl2: percent(soon + soonGone, answered.length + abandoned.length),
    abandonedShare: percent(abandoned.length, answered.length + abandoned.length),
    reOffers: outcomes.reduce((sum, { reOffers }) => sum + reOffers, 0),
  };
}

/** A day's figures, whole, by queue and by half hour. */
export function figuresOf(
  { outcomes, onDutyMs, busyMs }: Pick<Simulated, 'outcomes'> & Partial<Simulated>,
  rules: QueueRules,
  day: Pick<Day, 'from' | 'until'>,
): ReplayFigures {
  const goals = new Map(rules.queues.map(({ id, serviceLevelSeconds }) => [id, serviceLevelSeconds * 1000]));
  const inTime = ({ queueId, waitedMs }: Outcome) => waitedMs <= (goals.get(queueId) ?? 60_000);
  const ofQueue = (id: string) => outcomes.filter(({ queueId }) => queueId === id);
  const slots = Math.max(1, Math.ceil((day.until - day.from) / HALF_HOUR_MS));
  return {
    all: lineOf(outcomes, inTime),
    occupancy: onDutyMs === undefined || busyMs === undefined ? null : percent(busyMs, onDutyMs),
    queues: rules.queues.map(({ id, title }) => ({ id, title, ...lineOf(ofQueue(id), inTime) })),
    curve: Array.from({ length: slots }, (_, slot) => {
      const begin = day.from + slot * HALF_HOUR_MS;
      const came = outcomes.filter(({ at }) => at >= begin && at < begin + HALF_HOUR_MS);
      const { came: count, meanWait, p90Wait } = lineOf(came, inTime);
      return { at: begin, came: count, meanWait, p90Wait };
    }),
  };
}

/** What was recorded of a day, as figures. Queues are those in which customers waited then; the goals are today's. */
export function recordedFigures(day: Day, rules: QueueRules): ReplayFigures | null {
  if (day.generated || day.comers.length === 0) return null;
  const outcomes = day.comers.map(({ at, was }): Outcome => ({
    at,
    queueId: was?.queueId ?? '',
    waitedMs: was?.waitedMs ?? 0,
    end: was?.answered ? 'answered' : 'abandoned',
    reOffers: Math.max(0, (was?.offers ?? 0) - (was?.answered ? 1 : 0)),
  }));
  return figuresOf({ outcomes }, rules, day);
}
