/**
 * Queues with many agents in closed form. Erlang C (customers wait for ever) after A. K. Erlang 1917; Erlang A
 * (customers give up after an exponential patience) by the integrals in S. Zeltyn and A. Mandelbaum, "Call centers with
 * impatient customers: many-server asymptotics of the M/M/n+G queue", Queueing Systems 51, 2005, section 3.
 */

/** A steady stream of customers: how many a second, and the mean seconds one of them takes an agent. */
export type Load = { perSecond: number; handleSeconds: number };
export type Expected = {
  /** Share that doesn't get an agent at once. */
  delayed: number;
  /** Mean wait of all who come, in seconds; infinite when there is more work than agents and nobody gives up. */
  meanWait: number;
  /** Share of all who come that an agent answers within `within` seconds. */
  answeredWithin: number;
  /** Share that gives up. */
  abandoned: number;
  /** Share of the agents' time with a customer. */
  occupancy: number;
};

/** Share of an Erlang load that finds all `agents` busy when nobody may wait. By the usual recursion, so that no factorial overflows. */
export function erlangB(agents: number, erlangs: number): number {
  let blocked = 1;
  for (let n = 1; n <= agents; n += 1) blocked = (erlangs * blocked) / (n + erlangs * blocked);
  return blocked;
}

/** Share that has to wait when all wait as long as it takes; 1 when the agents can't keep up. */
export function erlangC(agents: number, erlangs: number): number {
  if (erlangs >= agents) return 1;
  const blocked = erlangB(agents, erlangs);
  return blocked / (1 - (erlangs / agents) * (1 - blocked));
}

/** What customers who never give up may expect. */
export function expectPatient({ perSecond, handleSeconds }: Load, agents: number, within: number): Expected {
  const erlangs = perSecond * handleSeconds;
  if (erlangs === 0) return { delayed: 0, meanWait: 0, answeredWithin: 1, abandoned: 0, occupancy: 0 };
  if (erlangs >= agents)
    return { delayed: 1, meanWait: Infinity, answeredWithin: 0, abandoned: 0, occupancy: agents === 0 ? 0 : 1 };
  const delayed = erlangC(agents, erlangs);
  const drain = (agents - erlangs) / handleSeconds;
  return {
    delayed,
    meanWait: delayed / drain,
    answeredWithin: 1 - delayed * Math.exp(-drain * within),
    abandoned: 0,
    occupancy: erlangs / agents,
  };
}

/** What customers whose mean patience is `patienceSeconds` may expect. */
export function expectImpatient(
  { perSecond, handleSeconds }: Load,
  agents: number,
  { patienceSeconds, within }: { patienceSeconds: number; within: number },
): Expected {
  const erlangs = perSecond * handleSeconds;
  if (erlangs === 0) return { delayed: 0, meanWait: 0, answeredWithin: 1, abandoned: 0, occupancy: 0 };
  if (agents === 0) return { delayed: 1, meanWait: patienceSeconds, answeredWithin: 0, abandoned: 1, occupancy: 0 };
  const serving = agents / handleSeconds;
  /** Log of the density of the wait that an endlessly patient customer would be offered, up to a constant. */
  const exponent = (t: number) => perSecond * patienceSeconds * (1 - Math.exp(-t / patienceSeconds)) - serving * t;
  const peakAt = perSecond > serving ? patienceSeconds * Math.log(perSecond / serving) : 0;
  // Everything is told in units of the density's peak: its exponent alone overflows in a hopeless hall.
  const peak = exponent(peakAt);
  const offered = (t: number) => Math.exp(exponent(t) - peak);
  const unit = Math.exp(-peak);
  let horizon = peakAt + Math.min(patienceSeconds, 1 / serving);
  while (exponent(horizon) > peak - 40) horizon = peakAt + (horizon - peakAt) * 2;

  const waiting = perSecond * integrate(offered, horizon);
  // The sum of load^j/j! below `agents`, in units of its last term: the inverse of Erlang B with one agent less.
  const atOnce = unit / erlangB(agents - 1, erlangs);
  const total = atOnce + waiting;
  const abandoned = Math.max(0, (unit + (1 - serving / perSecond) * waiting) / total);
  const answeredLater =
    perSecond * integrate((t) => offered(t) * Math.exp(-t / patienceSeconds), Math.min(within, horizon));
  return {
    delayed: waiting / total,
    meanWait: abandoned * patienceSeconds,
    answeredWithin: Math.min(1, (atOnce + answeredLater) / total),
    abandoned,
    occupancy: (erlangs * (1 - abandoned)) / agents,
  };
}

/** What agents are to reach: the share answered within so many seconds, and how busy they may be kept at most. */
export type Goal = { share: number; within: number; patienceSeconds: number | null; maxOccupancy: number };

export const expect = (load: Load, agents: number, goal: Pick<Goal, 'within' | 'patienceSeconds'>): Expected =>
  goal.patienceSeconds === null
    ? expectPatient(load, agents, goal.within)
    : expectImpatient(load, agents, { patienceSeconds: goal.patienceSeconds, within: goal.within });

/** The fewest agents that reach the goal. More agents never make it worse, so it is found by halving. */
export function agentsNeeded(load: Load, goal: Goal): number {
  const reaches = (agents: number) => {
    const { answeredWithin, occupancy } = expect(load, agents, goal);
    return answeredWithin >= goal.share && occupancy <= goal.maxOccupancy;
  };
  if (load.perSecond === 0) return 0;
  let [low, high] = [0, Math.max(1, Math.ceil(load.perSecond * load.handleSeconds))];
  while (!reaches(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const STEPS = 2000;

/** Simpson's rule from 0. */
function integrate(f: (t: number) => number, until: number): number {
  const step = until / STEPS;
  let sum = f(0) + f(until);
  for (let i = 1; i < STEPS; i += 1) sum += (i % 2 === 0 ? 2 : 4) * f(i * step);
  return (sum * step) / 3;
}
