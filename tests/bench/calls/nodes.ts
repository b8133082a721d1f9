import type { Browser } from 'playwright-core';
import { DEMO_PASSWORD } from '../../../server/src/flows/seed-demo.ts';
import { by } from '../../e2e/lab/browser.ts';
import { startNodes } from '../../e2e/lab/nodes.ts';
import { median, type Figure } from '../first-frame/figures.ts';
import { movesAgain, trackOf } from '../recovery/moving.ts';
import { fillHall } from '../recovery/waiting.ts';
import { countCalls, openCall, pictureBack, say } from './stage.ts';

const BACK_GOAL_MS = 10_000;
const NEWS_GOAL_MS = 5_000;
const DRAIN_SECONDS = 2;
const WITHIN_MS = 40_000;
/** Customers who wait meanwhile: the only agent is in the call. */
const WAITING = 5;

/** Two servers on one Postgres and one Redis: the one with the call is killed, both are restarted in turn, Redis is emptied. */
export async function nodes(browser: Browser, { rounds }: { rounds: number }): Promise<Figure[]> {
  const two = await startNodes({ drainSeconds: DRAIN_SECONDS });
  const portOf = (url: string) => Number(new URL(url).port);
  try {
    two.balancer.prefer(portOf(two.a.url));
    const seats = await openCall(browser, two.url, { meanwhile: () => two.balancer.prefer(portOf(two.b.url)) });
    const [kiosk, agent] = seats;
    if (!kiosk || !agent) throw new Error('no call');
    const hall = await fillHall(two.url, { count: WAITING, password: DEMO_PASSWORD });
    await hall.write(0);
    const wrongs: string[] = [];
    let checks = 0;
    const check = async () => {
      checks += 1;
      const found = await hall.check();
      found.forEach(say);
      wrongs.push(...found);
    };

    const back: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // Where the agent is, the call is: after each death both are in the other one.
      const dying = round % 2 === 0 ? two.b : two.a;
      back.push(
        await pictureBack(seats, WITHIN_MS, async () => {
          const began = Date.now();
          await dying.kill('SIGKILL');
          return began;
        }),
      );
      say(`node with the call killed ${round + 1}: video back on the other after ${back.at(-1)} ms`);
      await dying.start();
      await check();
    }

    const rolled: number[] = [];
    for (const node of rounds % 2 === 0 ? [two.b, two.a] : [two.a, two.b]) {
      const began = Date.now();
      await pictureBack(seats, WITHIN_MS, async () => {
        await node.kill('SIGTERM');
        return began;
      });
      rolled.push(Date.now() - began);
      await node.start();
      await check();
      say(`rolling restart: call went on elsewhere after a drain, ${rolled.at(-1)} ms`);
    }

    await two.redis.kill();
    await two.redis.start();
    const emptied = Date.now();
    await by(agent.page, 'hold').click();
    await kiosk.page.locator('[data-testid="hold"]').waitFor({ timeout: WITHIN_MS });
    const news = Date.now() - emptied;
    await by(agent.page, 'hold').click();
    await check();
    hall.close();
    say(`Redis emptied: news at the other node after ${news} ms`);

    const reloads: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const before = await trackOf(agent);
      const began = Date.now();
      await agent.page.reload();
      reloads.push((await movesAgain(agent, { before, withinMs: WITHIN_MS })) - began);
    }
    const calls = await countCalls(two.url);
    const reload = median(reloads);
    const worst = Math.max(...back);
    return [
      {
        name: `video back after kill -9 of the node with the call, worst of ${rounds} (beside: a reload of the page)`,
        value: worst,
        unit: 'ms',
        beside: reload,
        ratio: worst / reload,
        goal: `≤ ${BACK_GOAL_MS} ms`,
        holds: worst <= BACK_GOAL_MS,
      },
      {
        name: 'the same, median',
        value: median(back),
        unit: 'ms',
        beside: reload,
        ratio: median(back) / reload,
        goal: `≤ ${BACK_GOAL_MS} ms`,
        holds: median(back) <= BACK_GOAL_MS,
      },
      {
        name: 'calls cut by kills, a rolling restart of both nodes and the loss of Redis (beside: calls)',
        value: calls.ended,
        unit: '',
        beside: calls.started,
        ratio: calls.started === 0 ? null : calls.ended / calls.started,
        goal: '0 of 1',
        holds: calls.ended === 0 && calls.started === 1,
      },
      {
        name: `tickets lost, or gone from their place, in the same (beside: looks at ${WAITING} tickets)`,
        value: wrongs.length,
        unit: '',
        beside: checks,
        ratio: null,
        goal: '0',
        holds: wrongs.length === 0,
      },
      {
        name: 'news at the other node after Redis came back empty',
        value: news,
        unit: 'ms',
        beside: null,
        ratio: null,
        goal: `≤ ${NEWS_GOAL_MS} ms`,
        holds: news <= NEWS_GOAL_MS,
      },
    ];
  } finally {
    await two.close();
  }
}
