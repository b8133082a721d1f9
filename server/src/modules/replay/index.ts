import type { QueueRules, ReplayReport } from '@openvtm/protocol';
import type { Day } from './day.ts';
import { figuresOf, recordedFigures } from './figures.ts';
import type { Routing } from './routing.ts';
import { simulate } from './simulate.ts';

export type { Day } from './day.ts';
export { comparison, replayPage } from './drawing.ts';
export { generateDay } from './generate.ts';
export type { Routing } from './routing.ts';

/** Runs one day through two sets of rules, with the queue's own functions. */
export function compare(
  day: Day,
  { before, after, routing }: { before: QueueRules; after: QueueRules; routing: Routing },
): ReplayReport {
  const run = (rules: QueueRules) => figuresOf(simulate(day, rules, routing), rules, day);
  return {
    date: day.date,
    timeZone: before.timeZone,
    generated: day.generated,
    agents: new Set(day.shifts.map(({ staffId }) => staffId)).size,
    recorded: recordedFigures(day, before),
    before: run(before),
    after: run(after),
  };
}
