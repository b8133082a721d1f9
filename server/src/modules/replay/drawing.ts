import type { Language, ReplayFigures, ReplayReport } from '@openvtm/protocol';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** Blue and orange are told apart by everybody (M. Okabe, K. Ito, 2008), and by their lightness in print. */
const COLOURS = { before: '#8aa4b4', after: '#0a5a7a', came: '#e6c48a' };
const FONT = 'system-ui, "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const minutes = (seconds: number) => Math.round((seconds / 60) * 10) / 10;

type Picture = { title: string; width: number; height: number; option: echarts.EChartsCoreOption };

/** Drawn on the server, without a browser. */
function drawn({ width, height, title, option }: Picture): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT },
      title: { left: 0, text: title, textStyle: { fontSize: 15, fontWeight: 600 } },
      legend: { top: 34, itemGap: 24 },
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

const clock = (timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** The half hours in which anybody came, before or after; a night without customers is no picture. */
function busyPart({ before, after }: ReplayReport): [number, number] {
  const busy = before.curve.flatMap(({ came }, i) => (came > 0 || (after.curve[i]?.came ?? 0) > 0 ? [i] : []));
  return [Math.max(0, (busy[0] ?? 0) - 1), Math.min(before.curve.length, (busy.at(-1) ?? 0) + 2)];
}

function byHalfHour(report: ReplayReport): Picture {
  const [from, to] = busyPart(report);
  const time = clock(report.timeZone);
  const waits = ({ curve }: ReplayFigures) => curve.slice(from, to).map(({ meanWait }) => minutes(meanWait));
  return {
    title: 'Mean wait by half hour of joining',
    width: 920,
    height: 340,
    option: {
      grid: { left: 56, right: 56, top: 72, bottom: 32 },
      xAxis: { type: 'category', data: report.before.curve.slice(from, to).map(({ at }) => time.format(at)) },
      yAxis: [
        { type: 'value', name: 'minutes', min: 0 },
        { type: 'value', name: 'customers', min: 0, splitLine: { show: false } },
      ],
      series: [
        {
          name: 'customers',
          type: 'bar',
          yAxisIndex: 1,
          itemStyle: { color: COLOURS.came },
          data: report.before.curve.slice(from, to).map(({ came }) => came),
        },
        {
          name: 'rules in force',
          type: 'line',
          symbol: 'none',
          lineStyle: { width: 3, type: 'dashed' },
          color: COLOURS.before,
          data: waits(report.before),
        },
        {
          name: 'changed rules',
          type: 'line',
          symbol: 'none',
          lineStyle: { width: 3 },
          color: COLOURS.after,
          data: waits(report.after),
        },
      ],
    },
  };
}

function byQueue(report: ReplayReport, language: Language): Picture {
  const names = [
    ...new Map([...report.before.queues, ...report.after.queues].map(({ id, title }) => [id, title[language]])),
  ];
  const of = ({ queues }: ReplayFigures, key: 'meanWait' | 'p90Wait') =>
    names.map(([id]) => minutes(queues.find((one) => one.id === id)?.[key] ?? 0));
  const bar = (name: string, color: string, data: number[]) => ({
    name,
    type: 'bar',
    data,
    itemStyle: { color },
    label: { show: true, position: 'top', color: '#12222d' },
  });
  return {
    title: 'Wait by queue: mean, and what nine of ten wait at most',
    width: 920,
    height: 340,
    option: {
      grid: { left: 56, right: 24, top: 72, bottom: 32 },
      xAxis: { type: 'category', data: names.flatMap(([, title]) => [`${title} · mean`, `${title} · p90`]) },
      yAxis: { type: 'value', name: 'minutes', min: 0 },
      series: (['before', 'after'] as const).map((which) => {
        const [mean, p90] = [of(report[which], 'meanWait'), of(report[which], 'p90Wait')];
        return bar(
          which === 'before' ? 'rules in force' : 'changed rules',
          COLOURS[which],
          mean.flatMap((one, i) => [one, p90[i] ?? 0]),
        );
      }),
    },
  };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The rows that are compared, each by queue and for all. */
export function comparison(report: ReplayReport, language: Language): string[][] {
  const cell = (value: number | null, unit = '') => (value === null ? '–' : `${value}${unit}`);
  const row = (name: string, which: string, line: ReplayFigures['all'], occupancy: number | null) => [
    name,
    which,
    String(line.came),
    String(line.answered),
    cell(line.abandonedShare, ' %'),
    cell(line.meanWait, ' s'),
    cell(line.p90Wait, ' s'),
    cell(line.longestWait, ' s'),
    cell(line.sl, ' %'),
    cell(line.sl2, ' %'),
    cell(occupancy, ' %'),
    String(line.reOffers),
  ];
  const sides = [
    ['recorded', report.recorded],
    ['in force', report.before],
    ['changed', report.after],
  ] as const;
  const all = sides.flatMap(([which, side]) => (side ? [row('all', which, side.all, side.occupancy)] : []));
  const ids = [...new Set([...report.before.queues, ...report.after.queues].map(({ id }) => id))];
  const queues = ids.flatMap((id) =>
    sides.flatMap(([which, side]) => {
      const line = side?.queues.find((one) => one.id === id);
      return line && line.came > 0 ? [row(line.title[language], which, line, null)] : [];
    }),
  );
  return [
    ['queue', 'rules', 'came', 'answered', 'gave up', 'mean', 'p90', 'longest', 'SL', 'SL2', 'busy', 're-offers'],
    ...all,
    ...queues,
  ];
}

/** A page of its own, without a script: the table and two drawings. */
export function replayPage(report: ReplayReport, language: Language): string {
  const [head = [], ...rows] = comparison(report, language);
  const cells = (row: string[], tag: string) => row.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('');
  const invented = report.generated
    ? '<p class="note">This day is generated: invented customers and agents, no recording.</p>'
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Replay of ${report.date}</title>
<style>
body { margin: 24px auto; max-width: 960px; font: 15px/1.5 ${FONT}; color: #12222d; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 4px 8px; border-bottom: 1px solid #d2dbe1; text-align: right; white-space: nowrap; }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
.note { padding: 8px 12px; border-left: 4px solid #855200; background: #fdf1da; }
svg { display: block; margin-top: 24px; max-width: 100%; }
</style></head><body>
<h1>Replay of ${report.date}</h1>
<p>${report.before.all.came} customers, ${report.agents} agents, times of ${escaped(report.timeZone)}. SL: in time of those answered. SL2: in time, answered or gone, of all answered or gone.</p>
${invented}
<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody></table>
${drawn(byHalfHour(report))}
${drawn(byQueue(report, language))}
</body></html>
`;
}
