/**
 * Pages from the camera to the desk: from the shutter to the agent's screen (beside a bare HTTP upload with a picture
 * decoded at its end, in the same browser); the guidance at the kiosk on one core; uploads cut by `kill -9` of the
 * server; a hundred pages on the desk; a hundred pictures of invented people's papers read by machine.
 *
 * Run: npm run bench:documents [-- --shutters 20 --kills 50 --seconds 10 --people 10]. Each kill cuts four uploads, at 10, 50 and
 * 90 % and between the files and the commit. `--only shutter,guidance,kills,list,reading` measures a part. Prints a table and,
 * as the last line, one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '../e2e/lab/server.ts';
import { measureGuidance } from './documents/guidance.ts';
import { measureKills } from './documents/kills.ts';
import { measureLongList } from './documents/long-list.ts';
import { measureReading, type Accuracy } from './documents/reading.ts';
import { measureShutters } from './documents/shutter.ts';
import { median, printFigures, quantile, type Figure } from './first-frame/figures.ts';

const { values } = parseArgs({
  options: {
    shutters: { type: 'string', default: '20' },
    kills: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '10' },
    people: { type: 'string', default: '10' },
    only: { type: 'string', default: 'shutter,guidance,kills,list,reading' },
  },
});
const say = (line: string) => process.stderr.write(`${line}\n`);

const SHUTTER_RATIO = 1.5;
const GUIDANCE_GOAL = 10;
const LONGEST_TASK_MS = 50;
/** Sixty frames, less what a display's clock and ours differ by. */
const SCROLL_GOAL = 58;
const MOST_HELD = 60;
const MOST_GROWTH_MB = 30;
/** Of a hundred fields of a kind. */
const FIELDS_RIGHT = 95;
const MOST_READ_MS = 5_000;
const MOST_READ_MB = 1_000;

const alone = (name: string, value: number, rest: Pick<Figure, 'unit' | 'goal' | 'holds'>): Figure => ({
  name,
  value,
  beside: null,
  ratio: null,
  ...rest,
});
const none = (name: string, value: number, unit: string, measured: boolean): Figure =>
  alone(name, value, { unit, goal: '0', holds: value === 0 && measured });

type Place = { url: string; folder: string; dataDir: string; server: Awaited<ReturnType<typeof startServer>> };

/** What there is to measure, by name, in this order. Each gets a server of its own. */
const parts: Record<string, (place: Place) => Promise<Figure[]>> = {
  async shutter({ url, folder }) {
    const { ours, bare } = await measureShutters(url, { folder, rounds: Number(values.shutters) });
    const [value, beside] = [median(ours), median(bare)];
    const ratio = value / beside;
    return [
      {
        name: `from the shutter to the page on the desk, 5 megapixels, ${ours.length} times, p50`,
        value,
        unit: 'ms',
        beside,
        ratio,
        goal: `<= ${SHUTTER_RATIO} times a bare upload and decode`,
        holds: ratio <= SHUTTER_RATIO,
      },
      alone('the same, p95', quantile(ours, 0.95), { unit: 'ms', goal: 'none', holds: true }),
    ];
  },
  async guidance({ url, folder }) {
    const { perSecond, lookMs, longestTaskMs } = await measureGuidance(url, {
      folder,
      seconds: Number(values.seconds),
    });
    return [
      alone('guidance, looks a second on one core', perSecond, {
        unit: 'looks/s',
        goal: `>= ${GUIDANCE_GOAL}`,
        holds: perSecond >= GUIDANCE_GOAL,
      }),
      alone('guidance, one look, p50', median(lookMs), { unit: 'ms', goal: 'none', holds: true }),
      alone("guidance, longest task of the page's own thread", longestTaskMs, {
        unit: 'ms',
        goal: `<= ${LONGEST_TASK_MS} ms`,
        holds: longestTaskMs <= LONGEST_TASK_MS,
      }),
    ];
  },
  async kills({ server, dataDir }) {
    const { cut, kills, lost, twice, orphans } = await measureKills(server, { kills: Number(values.kills), dataDir });
    const of = `of ${cut} uploads cut by ${kills} kills`;
    return [
      none(`acknowledged bytes or pages lost ${of}`, lost, 'uploads', cut > 0),
      none(`pages there twice ${of}`, twice, 'pages', cut > 0),
      none(`files that nothing refers to after the sweep ${of}`, orphans, 'files', cut > 0),
    ];
  },
  async list({ url }) {
    const { perSecond, besidePerSecond, rows, images, heapGrowthMb } = await measureLongList(url);
    return [
      {
        name: 'a hundred pages on the desk, frames a second while scrolling',
        value: perSecond,
        unit: 'frames/s',
        beside: besidePerSecond,
        ratio: perSecond / besidePerSecond,
        goal: `>= ${SCROLL_GOAL}`,
        holds: perSecond >= SCROLL_GOAL,
      },
      alone('pages of a hundred that are drawn at once, most', rows, {
        unit: 'pages',
        goal: '<= 30',
        holds: rows <= 30,
      }),
      alone('pictures held at once, most', images, {
        unit: 'pictures',
        goal: `<= ${MOST_HELD}`,
        holds: images <= MOST_HELD,
      }),
      alone('growth of the heap by scrolling through all', heapGrowthMb, {
        unit: 'MB',
        goal: `<= ${MOST_GROWTH_MB} MB`,
        holds: heapGrowthMb <= MOST_GROWTH_MB,
      }),
    ];
  },
};

const share = ({ right, of }: Accuracy) => (100 * right) / of;
const LOOKS = [
  'flat',
  'straightened: blurred, noise, shadow',
  'straightened: glare, noise',
  'as taken: askew, shadow, noise',
  'straightened: blurred, noise, glare, shadow',
];
parts['reading'] = async () => {
  const read = await measureReading({ people: Number(values.people), say });
  const [value, beside] = [median(read.readMs), median(read.decodeMs)];
  const percent = (name: string, accuracy: Accuracy, goal: number | null) =>
    alone(`${name}, of ${accuracy.of}`, share(accuracy), {
      unit: '%',
      goal: goal === null ? 'none' : `>= ${goal} %`,
      holds: goal === null || share(accuracy) >= goal,
    });
  return [
    ...[...read.byKind].map(([kind, accuracy]) => percent(`fields read right, ${kind}`, accuracy, FIELDS_RIGHT)),
    ...read.byLook.map((accuracy, i) => percent(`fields read right, ${LOOKS[i]}`, accuracy, null)),
    percent('numbers read right, every check digit holding', read.proved, FIELDS_RIGHT),
    none('wrong numbers whose check digits hold', read.wrongAndProved, 'numbers', read.proved.of > 0),
    alone('wrong fields that nothing marks as unsure', read.wrongUnnoticed, {
      unit: 'fields',
      goal: 'none',
      holds: true,
    }),
    {
      name: `reading one page, ${read.pages} pages, p50, beside a plain decode`,
      value,
      unit: 'ms',
      beside,
      ratio: value / beside,
      goal: 'none',
      holds: true,
    },
    alone('the same, p95', quantile(read.readMs, 0.95), {
      unit: 'ms',
      goal: `<= ${MOST_READ_MS} ms`,
      holds: quantile(read.readMs, 0.95) <= MOST_READ_MS,
    }),
    alone('the most that the reading process held', read.memoryMb, {
      unit: 'MB',
      goal: `<= ${MOST_READ_MB} MB`,
      holds: read.memoryMb > 0 && read.memoryMb <= MOST_READ_MB,
    }),
  ];
};

const folder = await mkdtemp(join(tmpdir(), 'openvtm-bench-'));
const figures: Figure[] = [];
try {
  for (const name of values.only.split(',')) {
    const measure = parts[name];
    if (!measure) throw new Error(`${name} is none of ${Object.keys(parts).join(', ')}`);
    say(`measuring: ${name} …`);
    const dataDir = await mkdtemp(join(tmpdir(), 'openvtm-bench-data-'));
    const server = await startServer({ env: () => ({ OPENVTM_DATA: dataDir }) });
    try {
      figures.push(...(await measure({ url: server.url, folder, dataDir, server })));
    } finally {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
printFigures('documents', figures);
