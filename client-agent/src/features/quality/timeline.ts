import { QUALITY_SLOT_MS, type CallQuality } from '@openvtm/protocol';
import { formatClock } from '@openvtm/ui';
import { colours } from '../chart/index.ts';

export type Side = CallQuality['sides'][number];
type Sample = Side['timeline'][number];
type Events = CallQuality['events'];

/** How a score is called: from 4.0 on users are satisfied, below 3.1 many are not (ITU-T G.109). Pure. */
export function levelOf(score: number): 'good' | 'fair' | 'poor' {
  if (score >= 4) return 'good';
  return score >= 3.1 ? 'fair' : 'poor';
}

const MINUTE_MS = 60_000;
const mean = (all: readonly (number | null)[]): number | null => {
  const known = all.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
};
const lossOf = ({ lossIn, lossOut }: Sample): number | null =>
  lossIn === null && lossOut === null ? null : Math.max(lossIn ?? 0, lossOut ?? 0);
const frozenOf = ({ frozenMs }: Sample): number | null =>
  frozenMs === null ? null : Math.round((100 * frozenMs) / QUALITY_SLOT_MS);

export type Minute = {
  minute: number;
  score: number | null;
  lossPercent: number | null;
  roundTripMs: number | null;
  frozenSeconds: number;
  cutSeconds: number;
};
/** A side minute by minute, counted from the call's begin, for who reads rather than looks. Pure. */
export function minutesOf(timeline: readonly Sample[], startedAt: number): Minute[] {
  const found = new Map<number, Sample[]>();
  for (const one of timeline) {
    const minute = Math.max(0, Math.floor((one.slot * QUALITY_SLOT_MS - startedAt) / MINUTE_MS));
    found.set(minute, [...(found.get(minute) ?? []), one]);
  }
  return [...found].map(([minute, all]) => ({
    minute: minute + 1,
    score: mean(all.map(({ score }) => score)),
    lossPercent: mean(all.map(lossOf)),
    roundTripMs: mean(all.map(({ roundTripMs }) => roundTripMs)),
    frozenSeconds: Math.round(all.reduce((sum, { frozenMs }) => sum + (frozenMs ?? 0), 0) / 1000),
    cutSeconds: (all.filter(({ cut }) => cut).length * QUALITY_SLOT_MS) / 1000,
  }));
}

/** The five seconds of a call, in which the customer was on hold. Pure. */
export function heldSlots(events: Events, { from, until }: { from: number; until: number }): ReadonlySet<number> {
  const held = new Set<number>();
  let since: number | null = null;
  const end = (at: number) => {
    if (since !== null) for (let slot = since; slot <= Math.floor(at / QUALITY_SLOT_MS); slot += 1) held.add(slot);
    since = null;
  };
  for (const { is, at } of events) {
    if (is === 'held') since = Math.floor(Math.max(from, at) / QUALITY_SLOT_MS);
    else if (is === 'resumed' || is === 'lead-passed') end(at);
  }
  end(until);
  return held;
}

type Words = {
  score: string;
  loss: string;
  frozen: string;
  roundTrip: string;
  cut: string;
  held: string;
  percent: string;
  ms: string;
  event: (event: Events[number]) => string;
};
/** One side drawn: its score above, with what happened; loss, freezing and the way there and back below. Pure. */
export function drawingOf(side: Side, { call, events }: Pick<CallQuality, 'call' | 'events'>, words: Words) {
  const first = Math.floor(call.startedAt / QUALITY_SLOT_MS);
  const last = Math.max(first, Math.floor(call.endedAt / QUALITY_SLOT_MS));
  const slots = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  // Each time once: the drawing finds a place by it.
  const times = slots.map((_, i) => formatClock(i * QUALITY_SLOT_MS));
  const bySlot = new Map(side.timeline.map((one) => [one.slot, one]));
  const held = heldSlots(events, { from: call.startedAt, until: call.endedAt });
  const series = <T>(of: (one: Sample) => T) =>
    slots.map((slot) => {
      const one = bySlot.get(slot);
      return one ? of(one) : null;
    });
  const timeAt = (at: number) =>
    times[Math.min(slots.length - 1, Math.max(0, Math.floor(at / QUALITY_SLOT_MS) - first))] ?? '';
  const upper = { xAxisIndex: 0, yAxisIndex: 0 };
  const wide = { type: 'bar', barWidth: '100%', barGap: '-100%', silent: true, ...upper };
  const line = { type: 'line', symbol: 'none' };
  return {
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 60, right: 60, top: 56, height: '40%' },
      { left: 60, right: 60, bottom: 34, height: '24%' },
    ],
    legend: {
      top: 0,
      itemGap: 36,
      data: [words.score, words.loss, words.frozen, words.roundTrip, words.cut, words.held],
    },
    xAxis: [
      { type: 'category', data: times, gridIndex: 0, axisLabel: { show: false } },
      { type: 'category', data: times, gridIndex: 1 },
    ],
    yAxis: [
      { type: 'value', min: 1, max: 5, interval: 1, gridIndex: 0 },
      {
        type: 'value',
        name: words.percent,
        min: 0,
        max: (found: { max: number }) => Math.max(5, Math.ceil(found.max)),
        splitNumber: 2,
        gridIndex: 1,
      },
      {
        type: 'value',
        name: words.ms,
        min: 0,
        splitNumber: 2,
        gridIndex: 1,
        position: 'right',
        splitLine: { show: false },
      },
    ],
    series: [
      {
        ...wide,
        name: words.held,
        itemStyle: { color: colours.line },
        data: slots.map((slot) => (held.has(slot) ? 5 : null)),
        tooltip: { show: false },
      },
      {
        ...wide,
        name: words.cut,
        itemStyle: { color: colours.warmSoft },
        data: series(({ cut }) => (cut ? 5 : null)),
        tooltip: { show: false },
      },
      {
        ...line,
        ...upper,
        name: words.score,
        color: colours.strong,
        // One alone between two holds is no line.
        symbol: 'circle',
        symbolSize: 4,
        showAllSymbol: true,
        lineStyle: { width: 2 },
        areaStyle: { color: colours.band, opacity: 0.7 },
        data: series(({ score }) => score),
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { color: colours.inkSoft, type: 'dashed' },
          label: { position: 'end', color: colours.ink },
          // Who only stays longer changes nothing that could be seen in a line.
          data: events
            .filter(({ is }) => is !== 'renewed')
            .map((event, i) => ({
              xAxis: timeAt(event.at),
              label: { formatter: words.event(event), distance: [0, 2 + (i % 2) * 14] },
            })),
        },
      },
      {
        name: words.loss,
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        itemStyle: { color: colours.warm },
        data: series(lossOf),
      },
      {
        name: words.frozen,
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        itemStyle: { color: colours.soft },
        data: series(frozenOf),
      },
      {
        ...line,
        name: words.roundTrip,
        xAxisIndex: 1,
        yAxisIndex: 2,
        color: colours.ink,
        lineStyle: { width: 2, type: 'dotted' },
        data: series(({ roundTripMs }) => roundTripMs),
      },
    ],
  };
}

/** The points of a small line in a box of `width` by `height`, the scale from 1 to 5 over its height. Pure. */
export function pointsOf(scores: readonly number[], { width, height }: { width: number; height: number }): string {
  const step = scores.length > 1 ? width / (scores.length - 1) : 0;
  return scores.map((score, i) => `${Math.round(i * step * 10) / 10},${heightOf(score, height)}`).join(' ');
}
export const heightOf = (score: number, height: number): number => Math.round(((5 - score) / 4) * height * 10) / 10;
