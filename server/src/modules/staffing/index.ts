import type { StaffingDay, StaffingGoal } from '@openvtm/protocol';
import { agentsNeeded, expect, type Goal } from './erlang.ts';
import { forecast, type PastDay } from './forecast.ts';
import { clockOf } from './half-hours.ts';

export { pastDays, type PastDay } from './forecast.ts';
export { localTime, midnightOf } from './half-hours.ts';
export { quietTimes } from './quiet-times.ts';

/** So many calls of the past, and how long they took in all. */
export type Handled = { calls: number; ms: number };

const HALF_HOUR_SECONDS = 1800;
/** Assumed, and said to be, while no call has told how long one takes. */
const ASSUMED_HANDLE_SECONDS = 420;

/** How long a customer takes an agent, talk and work after it, from the calls that tell. */
const handleOf = ({ calls, ms }: Handled): StaffingDay['handle'] =>
  calls === 0
    ? { seconds: ASSUMED_HANDLE_SECONDS, from: 0 }
    : { seconds: Math.max(1, Math.round(ms / calls / 1000)), from: calls };

/** The agents that a day needs, half hour by half hour, for what the past lets expect. */
export function planDay(
  days: readonly PastDay[],
  { date, zone, goal, handled }: { date: string; zone: string; goal: StaffingGoal; handled: Handled },
): StaffingDay {
  const handle = handleOf(handled);
  const { basis, slots } = forecast(days, date);
  const wanted: Goal = {
    share: goal.share / 100,
    within: goal.withinSeconds,
    patienceSeconds: goal.patienceSeconds,
    maxOccupancy: goal.occupancy / 100,
  };
  return {
    date,
    zone,
    goal,
    basis,
    handle,
    slots: slots.map(({ expected, low, high }, slot) => {
      const load = { perSecond: expected / HALF_HOUR_SECONDS, handleSeconds: handle.seconds };
      const agents = agentsNeeded(load, wanted);
      const met = expect(load, agents, wanted);
      return {
        from: clockOf(slot),
        expected: Math.round(expected * 10) / 10,
        low,
        high,
        agents,
        agentsBusy: agentsNeeded({ ...load, perSecond: high / HALF_HOUR_SECONDS }, wanted),
        scheduled: Math.ceil(agents / (1 - goal.absent / 100)),
        answeredWithin: Math.round(met.answeredWithin * 100),
        meanWaitSeconds: Math.round(met.meanWait),
        occupancy: Math.round(met.occupancy * 100),
      };
    }),
  };
}
