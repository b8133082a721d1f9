import type { ReplayFigures, ReplayReport } from '@openvtm/protocol';
import { formatTimeOfDay, textIn, type Translate } from '@openvtm/ui';
import { colours } from '../chart/index.ts';
import { busyPart, rowsOf } from './compare.ts';

type Words = { t: Translate; locale: string };
const minutes = (seconds: number) => Math.round((seconds / 60) * 10) / 10;
const SIDES = ['before', 'after'] as const;
/** The rules in force are dashed and pale, the changed ones whole and dark. */
const LOOKS = {
  before: { color: colours.warm, type: 'dashed' },
  after: { color: colours.strong, type: 'solid' },
} as const;
const LEGEND = { top: 0, itemGap: 28, itemWidth: 32 };

/** Waits over the day by both rules, and how many came. Pure. */
export function drawCurve(report: ReplayReport, { t, locale }: Words) {
  const { from, to } = busyPart(report);
  const part = ({ curve }: ReplayFigures) => curve.slice(from, to);
  const line = (side: (typeof SIDES)[number], measure: 'meanWait' | 'p90Wait') => ({
    name: t(measure === 'meanWait' ? 'ruleTry.meanOf' : 'ruleTry.p90Of', { which: t(`ruleTry.${side}`) }),
    type: 'line',
    symbol: 'none',
    color: LOOKS[side].color,
    lineStyle: { width: measure === 'meanWait' ? 3 : 1.5, type: LOOKS[side].type },
    data: part(report[side]).map((slot) => minutes(slot[measure])),
  });
  const lines = (['meanWait', 'p90Wait'] as const).flatMap((measure) => SIDES.map((side) => line(side, measure)));
  return {
    // Whole and dashed lines are told apart in the legend too, where a dot would hide it.
    legend: {
      ...LEGEND,
      data: [{ name: t('ruleTry.customers') }, ...lines.map(({ name }) => ({ name, itemStyle: { opacity: 0 } }))],
    },
    grid: { left: 48, right: 48, top: 72, bottom: 28 },
    xAxis: {
      type: 'category',
      axisLabel: { interval: 1 },
      data: part(report.before).map(({ at }) => formatTimeOfDay(at, locale, report.timeZone)),
    },
    yAxis: [
      { type: 'value', name: t('ruleTry.minutes'), min: 0 },
      { type: 'value', name: t('ruleTry.customers'), min: 0, minInterval: 1, splitLine: { show: false } },
    ],
    series: [
      {
        name: t('ruleTry.customers'),
        type: 'bar',
        yAxisIndex: 1,
        itemStyle: { color: colours.band },
        data: part(report.before).map(({ came }) => came),
      },
      ...lines,
    ],
  };
}

/** Waits of each queue by both rules. Pure. */
export function drawQueues(report: ReplayReport, { t, locale }: Words) {
  const queues = rowsOf(report).flatMap(({ title, measures }) =>
    title ? [{ title: textIn(title, locale), measures }] : [],
  );
  const bar = (side: (typeof SIDES)[number], measure: 'meanWait' | 'p90Wait') => ({
    name: t(measure === 'meanWait' ? 'ruleTry.meanOf' : 'ruleTry.p90Of', { which: t(`ruleTry.${side}`) }),
    type: 'bar',
    barMaxWidth: 36,
    itemStyle: { color: LOOKS[side].color, opacity: measure === 'meanWait' ? 1 : 0.45 },
    data: queues.map(({ measures }) => minutes(measures[measure][side] ?? 0)),
  });
  return {
    legend: LEGEND,
    grid: { left: 48, right: 16, top: 64, bottom: 28 },
    xAxis: { type: 'category', data: queues.map(({ title }) => title) },
    yAxis: { type: 'value', name: t('ruleTry.minutes'), min: 0 },
    series: (['meanWait', 'p90Wait'] as const).flatMap((measure) => SIDES.map((side) => bar(side, measure))),
  };
}
