import { describe, expect, it, test } from 'vitest';
import { forecast, pastDays, type Arrivals } from './forecast.ts';
import { addDays, localTime } from './half-hours.ts';
import { planDay } from './index.ts';
import { quietTimes } from './quiet-times.ts';

const ZONE = 'Asia/Shanghai';
/** 2026-11-25 is a Wednesday. */
const TODAY = '2026-11-25';
const at = (date: string, clock: string) => Date.parse(`${date}T${clock}:00+08:00`);
const visit = (date: string, clock: string, more: Partial<Arrivals> = {}): Arrivals => ({
  at: at(date, clock),
  count: 1,
  waitedMs: 60_000,
  ...more,
});
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const days = (visits: Arrivals[], from: string, to = addDays(TODAY, -1)) => pastDays(visits, { zone: ZONE, from, to });

describe('the wall clock', () => {
  it('puts an instant in the half hour that the people there see', () => {
    expect(localTime(at(TODAY, '09:29'), ZONE)).toEqual({ date: TODAY, weekday: 3, halfHour: 18 });
    expect(localTime(at(TODAY, '09:30'), ZONE).halfHour).toBe(19);
    expect(localTime(at(TODAY, '00:00'), ZONE)).toMatchObject({ date: TODAY, halfHour: 0 });
    expect(localTime(at(TODAY, '00:00'), 'UTC')).toMatchObject({ date: '2026-11-24', halfHour: 32 });
  });
  it('has two half hours twice when a zone turns its clocks back, and counts both', () => {
    const [counted] = pastDays(
      [0, 1].map((hour) => visit('2026-11-01', '13:00', { at: Date.parse('2026-11-01T05:10:00Z') + hour * 3_600_000 })),
      { zone: 'America/New_York', from: '2026-11-01', to: '2026-11-01' },
    );
    expect(counted?.arrivals[2]).toBe(2);
  });
});

describe('the forecast', () => {
  it('is the same weekday, with recent weeks counting more', () => {
    const wednesdays = times(4, (week) => addDays(TODAY, -7 * (week + 1)));
    const visits = wednesdays.flatMap((date, week) => times(week === 0 ? 20 : 10, () => visit(date, '09:10')));
    const { basis, slots } = forecast(days(visits, addDays(TODAY, -35)), TODAY);
    expect(basis).toMatchObject({ kind: 'weekday', closedDays: [addDays(TODAY, -35)] });
    expect(basis.days).toHaveLength(4);
    expect(slots[18]?.expected).toBeGreaterThan(12.5);
    expect(slots[18]?.expected).toBeLessThan(20);
    expect(slots[19]).toEqual({ expected: 0, low: 0, high: 0 });
  });

  it('says so when it has to borrow from other days, or has nothing to go by', () => {
    const visits = times(4, (i) => visit(addDays(TODAY, -1 - i), '10:00'));
    expect(forecast(days(visits, addDays(TODAY, -4)), TODAY).basis).toMatchObject({ kind: 'any-day' });
    const week = times(9, (i) => visit(addDays(TODAY, -1 - i), '10:00'));
    expect(forecast(days(week, addDays(TODAY, -9)), TODAY).basis).toMatchObject({ kind: 'kind-of-day' });
    const nothing = forecast(days([], addDays(TODAY, -30)), TODAY);
    expect(nothing.slots.every(({ expected, high }) => expected === 0 && high === 0)).toBe(true);
  });

  it('leaves out a holiday, and knows a weekday on which nobody ever comes', () => {
    const wednesdays = times(4, (week) => addDays(TODAY, -7 * (week + 1)));
    const [, holiday] = wednesdays;
    const visits = wednesdays
      .filter((date) => date !== holiday)
      .flatMap((date) => times(8, () => visit(date, '14:05')));
    const past = days(visits, addDays(TODAY, -28));
    const { basis, slots } = forecast(past, TODAY);
    expect(basis.closedDays).toEqual([holiday]);
    expect(slots[28]?.expected).toBe(8);
    expect(forecast(past, '2026-11-29')).toMatchObject({ basis: { kind: 'weekday' } });
    expect(forecast(past, '2026-11-29').slots.every(({ expected }) => expected === 0)).toBe(true);
  });

  it('is less sure the fewer days there are, and the more they differ', () => {
    const range = (counts: number[]) => {
      const visits = counts.flatMap((count, week) =>
        times(count, () => visit(addDays(TODAY, -7 * (week + 1)), '09:00')),
      );
      const slot = forecast(days(visits, addDays(TODAY, -7 * counts.length)), TODAY).slots[18];
      return (slot?.high ?? 0) - (slot?.low ?? 0);
    };
    expect(range([80, 80, 80])).toBeGreaterThan(range(times(10, () => 80)));
    expect(range([5, 35, 5, 35, 5, 35])).toBeGreaterThan(range([20, 20, 20, 20, 20, 20]));
  });

  test('four of five days fall in the range, when they are as like as chance allows', () => {
    // Poisson by Knuth's product of uniforms, from a generator that gives the same numbers every time.
    let seed = 7;
    const uniform = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const poisson = (mean: number) => {
      let n = -1;
      for (let product = 1; product > Math.exp(-mean); n += 1) product *= uniform();
      return n;
    };
    let inside = 0;
    const ROUNDS = 300;
    for (let round = 0; round < ROUNDS; round += 1) {
      const visits = times(8, (week) => week).flatMap((week) =>
        times(poisson(12), () => visit(addDays(TODAY, -7 * (week + 1)), '09:00')),
      );
      const slot = forecast(days(visits, addDays(TODAY, -56)), TODAY).slots[18];
      const came = poisson(12);
      if (slot && came >= slot.low && came <= slot.high) inside += 1;
    }
    expect(inside / ROUNDS).toBeGreaterThan(0.78);
    expect(inside / ROUNDS).toBeLessThan(0.95);
  });
});

describe('the plan of a day', () => {
  const goal = { share: 80, withinSeconds: 20, patienceSeconds: null, occupancy: 99, absent: 20 };
  it('needs the agents of the printed table, and those absent on top', () => {
    const visits = times(4, (week) => addDays(TODAY, -7 * (week + 1))).flatMap((date) => [
      visit(date, '10:00', { count: 250 }),
    ]);
    const handled = { calls: 1000, ms: 210_000_000 };
    const plan = planDay(days(visits, addDays(TODAY, -28)), { date: TODAY, zone: ZONE, goal, handled });
    expect(plan.handle).toEqual({ seconds: 210, from: 1000 });
    expect(plan.slots[20]).toMatchObject({
      from: '10:00',
      expected: 250,
      agents: 34,
      scheduled: 43,
      answeredWithin: 82,
    });
    expect(plan.slots[20]?.agentsBusy).toBeGreaterThan(34);
    expect(plan.slots[21]).toMatchObject({ expected: 0, agents: 0, scheduled: 0 });
  });
  it('says when the time a customer takes is only assumed', () => {
    const past = days([visit(addDays(TODAY, -1), '10:00')], addDays(TODAY, -1));
    const plan = planDay(past, { date: TODAY, zone: ZONE, goal, handled: { calls: 0, ms: 0 } });
    expect(plan.handle.from).toBe(0);
  });
});

describe('quieter times', () => {
  const open = () => true;
  const busyMornings = times(5, (week) => addDays(TODAY, -7 * (week + 1)))
    .concat(times(5, (week) => addDays(TODAY, 1 - 7 * (week + 1))))
    .flatMap((date) => [
      ...times(6, () => visit(date, '10:00', { waitedMs: 20 * 60_000 })),
      ...times(2, () => visit(date, '11:00', { waitedMs: 15 * 60_000 })),
      ...times(3, () => visit(date, '15:00', { waitedMs: 2 * 60_000 })),
      ...times(3, () => visit(date, '15:30', { waitedMs: 3 * 60_000 })),
      ...times(2, () => visit(date, '16:30', { waitedMs: 90_000 })),
    ]);
  const past = days(busyMornings, addDays(TODAY, -40));
  const now = at(TODAY, '10:10');

  it('are named as stretches later today and tomorrow, with the usual wait and from how many days it is known', () => {
    expect(quietTimes(past, { now, zone: ZONE, waitMs: 20 * 60_000, isOpen: open })).toEqual([
      { day: 'today', from: '15:00', to: '16:00', minutes: 3, days: 5 },
      { day: 'today', from: '16:30', to: '17:00', minutes: 2, days: 5 },
      { day: 'tomorrow', from: '15:00', to: '16:00', minutes: 3, days: 5 },
      { day: 'tomorrow', from: '16:30', to: '17:00', minutes: 2, days: 5 },
    ]);
  });
  it('are not past, not closed, and not named to those who hardly wait', () => {
    const late = quietTimes(past, { now: at(TODAY, '16:10'), zone: ZONE, waitMs: 20 * 60_000, isOpen: open });
    expect(late.filter(({ day }) => day === 'today')).toEqual([]);
    expect(quietTimes(past, { now, zone: ZONE, waitMs: 20 * 60_000, isOpen: () => false })).toEqual([]);
    expect(quietTimes(past, { now, zone: ZONE, waitMs: 3 * 60_000, isOpen: open })).toEqual([]);
  });
  it('are not invented from a day or two', () => {
    const thin = days(
      busyMornings.filter(({ at: when }) => when > at(addDays(TODAY, -8), '00:00')),
      addDays(TODAY, -8),
    );
    expect(quietTimes(thin, { now, zone: ZONE, waitMs: 20 * 60_000, isOpen: open })).toEqual([]);
  });
});
