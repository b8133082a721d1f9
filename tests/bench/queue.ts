/**
 * The expert queue under load, on the embedded storage and on Debian's Postgres 15: how soon an agent who becomes ready,
 * or a customer who joins, has an offer, with 1,000 and with 100,000 tickets waiting and 10,000 agents; offers a second;
 * races over two processes; and whether any class of customers is starved while capacity suffices, drawn. Beside it: a
 * bare `UPDATE … SKIP LOCKED LIMIT 1` on a plain table of as many rows.
 *
 * Run: npm run bench:queue [-- --waiting 100000 --agents 10000 --rounds 400 --races 1000]. Prints a table and, as the
 * last line, one JSON object.
 */
import { parseArgs } from 'node:util';
import { printFigures, quantile, type Figure } from './first-frame/figures.ts';
import { starvation } from './queue/fairness.ts';
import { fillHall } from './queue/hall.ts';
import { bareLoop, comeBack, joinToOffer, readyToOffer, sustained } from './queue/pace.ts';
import { raceOverProcesses } from './queue/races.ts';
import { debian, embedded, type Storage } from './queue/storages.ts';

const { values } = parseArgs({
  options: {
    waiting: { type: 'string', default: '100000' },
    agents: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '400' },
    races: { type: 'string', default: '1000' },
  },
});
const [waiting, agents, rounds, races] = [values.waiting, values.agents, values.rounds, values.races].map(Number) as [
  number,
  number,
  number,
  number,
];
const say = (line: string) => process.stderr.write(`${line}\n`);

const FEW = 1_000;
const WARM = 20;
const RECONNECTING = 10_000;
const SUSTAINED = 2_000;
const SIDES = 8;
const P99_GOAL_MS = 25;
const RATE_GOAL = 500;
const RATIO_GOAL = 0.5;
const GROWTH_GOAL = 2;

async function measure(storage: Storage): Promise<Figure[]> {
  const { name, database } = storage;
  const halls = new Map<number, { ready: number[]; joined: number[]; rate: number }>();
  const figures: Figure[] = [];
  for (const size of [FEW, waiting]) {
    say(`${name}: ${size} tickets, ${agents} agents …`);
    const hall = await fillHall(database, { waiting: size, agents, resting: rounds + WARM + SUSTAINED });
    // The first ones fill caches.
    await readyToOffer(hall, WARM);
    const ready = await readyToOffer(hall, rounds);
    const rate = await sustained(hall, SUSTAINED);
    say(`${name}: customers who come to ${agents} agents, half of them idle …`);
    const quiet = await fillHall(database, { waiting: 0, agents, resting: 0 });
    await database.pool.query(
      `update queue.agent set state = 'ready', call_id = null, idle_since = since where hashtext(staff_id::text) % 2 = 0`,
    );
    await database.pool.query('vacuum analyze queue.agent');
    await joinToOffer(quiet, WARM);
    halls.set(size, { ready, joined: await joinToOffer(quiet, rounds), rate });
  }
  say(`${name}: ${RECONNECTING} kiosks come back at once …`);
  const crowd = await comeBack(await fillHall(database, { waiting: RECONNECTING, agents, resting: 0 }), SIDES * 2);
  say(`${name}: a bare loop …`);
  const one = await bareLoop(database, { rows: waiting, rounds, at: 1 });
  const many = await bareLoop(database, { rows: waiting, rounds: rounds * 4, at: SIDES });

  const [few, full] = [halls.get(FEW), halls.get(waiting)];
  if (!few || !full) throw new Error('nothing was measured');
  const time = (what: string, samples: number[], share: number): Figure => {
    const value = quantile(samples, share);
    const beside = quantile(one.samples, share);
    const isGoal = share === 0.99;
    return {
      name: `${name}: ${what}, p${share * 100}`,
      value,
      unit: 'ms',
      beside,
      ratio: value / beside,
      goal: isGoal ? `<= ${P99_GOAL_MS} ms` : 'none',
      holds: !isGoal || value <= P99_GOAL_MS,
    };
  };
  for (const share of [0.5, 0.99]) {
    figures.push(time(`ready to offer, ${waiting} waiting`, full.ready, share));
    figures.push(time('joined to offer, half the agents idle', full.joined, share));
  }
  const rate = (sides: number, beside: number, goals: boolean): Figure => {
    const ratio = full.rate / beside;
    return {
      name: `${name}: offers a second, ${waiting} waiting (beside: the bare loop, ${sides} at once)`,
      value: full.rate,
      unit: '/s',
      beside,
      ratio,
      goal: goals ? `>= ${RATE_GOAL}, ratio >= ${RATIO_GOAL}` : 'none',
      holds: !goals || (full.rate >= RATE_GOAL && ratio >= RATIO_GOAL),
    };
  };
  figures.push(rate(1, one.perSecond, true), rate(SIDES, many.perSecond, false));
  const growth = quantile(full.ready, 0.5) / quantile(few.ready, 0.5);
  figures.push({
    name: `${name}: ready to offer, p50 with ${waiting} waiting (beside: with ${FEW})`,
    value: quantile(full.ready, 0.5),
    unit: 'ms',
    beside: quantile(few.ready, 0.5),
    ratio: growth,
    goal: `ratio <= ${GROWTH_GOAL}`,
    holds: growth <= GROWTH_GOAL,
  });
  figures.push({
    name: `${name}: kiosks back with their places, all at once`,
    value: crowd.back,
    unit: `in ${crowd.seconds.toFixed(1)} s`,
    beside: crowd.kiosks,
    ratio: crowd.back / crowd.kiosks,
    goal: 'all',
    holds: crowd.back === crowd.kiosks,
  });
  return figures;
}

const figures: Figure[] = [];
for (const open of [embedded, debian]) {
  const storage = await open();
  try {
    figures.push(...(await measure(storage)));
    say(`${storage.name}: races over two processes …`);
    const { won, raced } = await raceOverProcesses(storage, races);
    figures.push({
      name: `${storage.name}: races of 2 to 20 agents over two processes, with exactly one winner`,
      value: won,
      unit: '',
      beside: raced,
      ratio: won / raced,
      goal: 'all',
      holds: won === raced,
    });
  } finally {
    await storage.close();
  }
}
say('days on which capacity suffices …');
figures.push(...(await starvation('docs/queue-waiting.svg')));
printFigures('queue', figures);
