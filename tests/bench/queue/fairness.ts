import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkAreaComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import * as routing from '../../../server/src/modules/queue/index.ts';
import { chance, exponential, type Comer, type Day, type Shift } from '../../../server/src/modules/replay/day.ts';
import { simulate } from '../../../server/src/modules/replay/simulate.ts';
import type { Figure } from '../first-frame/figures.ts';

echarts.use([GridComponent, LegendComponent, LineChart, MarkAreaComponent, SVGRenderer, TitleComponent]);

const HOUR = 3_600_000;
const HOURS = 96;
const AGENTS = 20;
const TALK_MS = 5 * 60_000;
/** Share of what the agents can do that comes: nine tenths, and for two hours half more than they can. */
const LOAD = 0.9;
const RUSH = { from: 40, until: 42, load: 1.5 };
const CLASSES = [1, 2, 3, 4, 5];
/** A class whose wait grew without bound would be past this long before the last day. */
const BOUND = 2;

function invented(): { day: Day; classOf: Map<number, number> } {
  const random = chance(11);
  const from = Date.UTC(2026, 10, 23);
  const comers: Comer[] = [];
  const classOf = new Map<number, number>();
  for (let at = from; ;) {
    const hour = (at - from) / HOUR;
    const load = hour >= RUSH.from && hour < RUSH.until ? RUSH.load : LOAD;
    // A millisecond at least, so that each is known by when it came.
    at = Math.round(at + 1 + exponential(random, TALK_MS / (AGENTS * load)));
    if (at - from >= HOURS * HOUR) break;
    const priority = CLASSES[Math.floor(random() * CLASSES.length)] ?? 5;
    classOf.set(at, priority);
    comers.push({
      at,
      branchId: null,
      family: 'teller',
      skills: {},
      language: 'en',
      priority,
      vip: false,
      elder: false,
      handBack: false,
      appointmentAt: null,
      preferredStaffId: null,
      was: null,
      answerMs: 0,
      talkMs: exponential(random, TALK_MS),
      wrapUpMs: 0,
      // Nobody gives up: whoever is starved waits on and is seen.
      patienceMs: HOURS * HOUR,
    });
  }
  const able = { skills: {}, languages: ['en' as const], branchId: null };
  const shifts = Array.from({ length: AGENTS }, (_, i): Shift => ({
    staffId: String(i),
    able,
    from,
    until: from + HOURS * HOUR,
  }));
  return { day: { date: '2026-11-23', generated: true, from, until: from + HOURS * HOUR, comers, shifts }, classOf };
}

/** The longest wait in minutes of each class, hour by hour of joining. */
function longestWaits(): number[][] {
  const { day, classOf } = invented();
  const rules = routing.readRules(routing.SHIPPED_NAME, routing.shippedText(), []);
  const { outcomes } = simulate(day, rules, routing);
  return CLASSES.map((one) => {
    const longest = Array.from({ length: HOURS }, () => 0);
    for (const { at, waitedMs } of outcomes) {
      const hour = Math.floor((at - day.from) / HOUR);
      if (classOf.get(at) === one) longest[hour] = Math.max(longest[hour] ?? 0, waitedMs / 60_000);
    }
    return longest;
  });
}

/** Light to dark from the first class to the last: told apart also without colours. */
const SHADES = ['#b7d3e0', '#86b3c8', '#4e8ca8', '#0a5a7a', '#07303f'];

function drawn(waits: number[][]): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 980, height: 420 });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      title: {
        text: 'Longest wait of each priority class, by hour of joining (simulated)',
        subtext: `${AGENTS} agents, 90 % busy, and from hour ${RUSH.from} to ${RUSH.until} half more customers than they can serve`,
        textStyle: { fontSize: 15 },
      },
      legend: { top: 56 },
      grid: { left: 56, right: 24, top: 96, bottom: 40 },
      xAxis: { type: 'category', name: 'hour', nameLocation: 'middle', nameGap: 26, data: waits[0]?.map((_, i) => i) },
      yAxis: { type: 'value', name: 'minutes', min: 0 },
      series: waits.map((data, i) => ({
        name: `class ${i + 1}`,
        type: 'line',
        symbol: 'none',
        data: data.map((minutes) => Math.round(minutes * 10) / 10),
        lineStyle: { color: SHADES[i], width: i === 4 ? 3 : 2 },
        itemStyle: { color: SHADES[i] },
        ...(i === 0
          ? { markArea: { itemStyle: { color: '#f3e3c6' }, data: [[{ xAxis: RUSH.from }, { xAxis: RUSH.until }]] } }
          : {}),
      })),
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Draws four simulated days into `file`, and compares each class's longest wait of the last day with that of the first. */
export async function starvation(file: string): Promise<Figure[]> {
  const waits = longestWaits();
  await writeFile(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), drawn(waits));
  const longest = (data: number[], from: number) => Math.max(...data.slice(from, from + 24));
  return waits.map((data, i) => {
    const [first, last] = [longest(data, 0), longest(data, HOURS - 24)];
    return {
      name: `simulated: longest wait of class ${i + 1} on the fourth day (beside: on the first; a rush between)`,
      value: last,
      unit: 'min',
      beside: first,
      ratio: last / first,
      goal: `ratio <= ${BOUND}`,
      holds: last / first <= BOUND,
    };
  });
}
