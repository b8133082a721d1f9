import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { agentsNeeded, erlangB, erlangC, expectImpatient, expectPatient } from './erlang.ts';

/**
 * B. Cleveland and J. Mayben, "Call Center Management on Fast Forward" (Call Center Press, 1997), the Erlang C table for
 * 250 calls in half an hour, 180 s of talk and 30 s of work after it, a goal of 20 s: agents, mean wait (s), service
 * level and occupancy (%).
 */
const CLEVELAND = [
  [30, 208.7, 24, 97],
  [31, 74.7, 45, 94],
  [32, 37.6, 61, 91],
  [33, 21.3, 73, 88],
  [34, 12.7, 82, 86],
  [35, 7.8, 88, 83],
  [36, 4.9, 92, 81],
  [37, 3.1, 95, 79],
  [38, 1.9, 97, 77],
  [39, 1.2, 98, 75],
  [40, 0.7, 99, 73],
] as const;
const BUSY = { perSecond: 250 / 1800, handleSeconds: 210 };

test.for(CLEVELAND)('Erlang C as printed: %i agents', ([agents, meanWait, level, occupancy]) => {
  const expected = expectPatient(BUSY, agents, 20);
  expect(expected.meanWait).toBeCloseTo(meanWait, 1);
  expect(Math.abs(expected.answeredWithin * 100 - level)).toBeLessThanOrEqual(0.52);
  expect(Math.abs(expected.occupancy * 100 - occupancy)).toBeLessThanOrEqual(0.52);
});

test('Erlang B as in every table of telephone traffic: 10 erlangs on 10 lines, 5 on 10, 100 on 100', () => {
  expect(erlangB(10, 10)).toBeCloseTo(0.2146, 4);
  expect(erlangB(10, 5)).toBeCloseTo(0.0184, 4);
  expect(erlangB(100, 100)).toBeCloseTo(0.0757, 4);
});

/**
 * O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call center with impatient customers", Manufacturing & Service
 * Operations Management 4, 2002, table 1: 50 agents, 48 calls a minute of 1 minute, a mean patience of 2 minutes.
 */
test('Erlang A as printed, beside Erlang C', () => {
  const load = { perSecond: 48 / 60, handleSeconds: 60 };
  const patient = expectPatient(load, 50, 20);
  const impatient = expectImpatient(load, 50, { patienceSeconds: 120, within: 20 });
  expect(impatient.abandoned * 100).toBeCloseTo(3.1, 1);
  expect(impatient.meanWait).toBeCloseTo(3.7, 1);
  expect(Math.round(impatient.occupancy * 100)).toBe(93);
  expect(patient.meanWait).toBeCloseTo(20.8, 1);
  expect(Math.round(patient.occupancy * 100)).toBe(96);
});

/** The same queue as a chain of how many are there, summed up state by state: another way to the same figures. */
function byStates(perSecond: number, handle: number, { agents, patience }: { agents: number; patience: number }) {
  const weights = [1];
  for (let n = 1; n < agents + 3000; n += 1) {
    const leaving = Math.min(n, agents) / handle + Math.max(0, n - agents) / patience;
    weights.push(((weights.at(-1) ?? 0) * perSecond) / leaving);
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  const busy = weights.reduce((sum, w, n) => sum + (n >= agents ? w : 0), 0) / total;
  const waiting = weights.reduce((sum, w, n) => sum + w * Math.max(0, n - agents), 0) / total;
  return { delayed: busy, abandoned: waiting / patience / perSecond };
}

test('Erlang A agrees with the chain it stands for, over- and underloaded', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.2, max: 2, noNaN: true }),
      fc.integer({ min: 20, max: 1200 }),
      (agents, ratio, patience) => {
        const handle = 300;
        const perSecond = (ratio * agents) / handle;
        const chain = byStates(perSecond, handle, { agents, patience });
        const closed = expectImpatient({ perSecond, handleSeconds: handle }, agents, {
          patienceSeconds: patience,
          within: 20,
        });
        expect(closed.delayed).toBeCloseTo(chain.delayed, 4);
        expect(closed.abandoned).toBeCloseTo(chain.abandoned, 4);
      },
    ),
    { numRuns: 60 },
  );
});

describe('at the edges', () => {
  const goal = { share: 0.8, within: 20, patienceSeconds: 300, maxOccupancy: 1 };
  it('expects nothing of an empty hall', () => {
    expect(expectPatient({ perSecond: 0, handleSeconds: 300 }, 0, 20).answeredWithin).toBe(1);
    expect(agentsNeeded({ perSecond: 0, handleSeconds: 300 }, goal)).toBe(0);
  });
  it('says so when agents cannot keep up', () => {
    expect(expectPatient(BUSY, 29, 20)).toMatchObject({ delayed: 1, meanWait: Infinity, answeredWithin: 0 });
    expect(expectPatient(BUSY, 0, 20)).toMatchObject({ answeredWithin: 0, occupancy: 0 });
    expect(erlangC(29, 29)).toBe(1);
    const impatient = { patienceSeconds: 120, within: 20 };
    expect(expectImpatient(BUSY, 0, impatient)).toMatchObject({ abandoned: 1, answeredWithin: 0 });
    const hopeless = expectImpatient({ perSecond: 50, handleSeconds: 600 }, 10, impatient);
    expect(hopeless.abandoned).toBeCloseTo(1 - 10 / 600 / 50, 5);
    expect(hopeless.answeredWithin).toBeCloseTo(0, 5);
  });
  it('needs patience to be long to come to the same as Erlang C', () => {
    const long = expectImpatient(BUSY, 34, { patienceSeconds: 1e7, within: 20 });
    const forEver = expectPatient(BUSY, 34, 20);
    expect(long.delayed).toBeCloseTo(forEver.delayed, 3);
    expect(long.answeredWithin).toBeCloseTo(forEver.answeredWithin, 3);
  });
});

describe('agents needed', () => {
  it('is the row of the printed table that reaches 80 % in 20 s', () => {
    expect(agentsNeeded(BUSY, { share: 0.8, within: 20, patienceSeconds: null, maxOccupancy: 1 })).toBe(34);
  });
  it('is the fewest that reach the goal', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 2, noNaN: true }),
        fc.integer({ min: 30, max: 900 }),
        (perSecond, handleSeconds) => {
          const goal = { share: 0.9, within: 60, patienceSeconds: null, maxOccupancy: 0.85 };
          const load = { perSecond, handleSeconds };
          const agents = agentsNeeded(load, goal);
          const { answeredWithin, occupancy } = expectPatient(load, agents, 60);
          expect(answeredWithin >= 0.9 && occupancy <= 0.85).toBe(true);
          const fewer = expectPatient(load, agents - 1, 60);
          expect(fewer.answeredWithin >= 0.9 && fewer.occupancy <= 0.85).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });
});
