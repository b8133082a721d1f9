/**
 * From the agent's click on Accept to the customer's first decoded camera frame, beside a cold bare peer-to-peer
 * RTCPeerConnection in the same browser, interleaved. Without added delay, and with 25 and 50 ms each way on both legs;
 * a leg is from one client to the data centre. The peer-to-peer connection crosses the same two legs: its messages
 * go kiosk → hub → agent and back with the delay on each leg, its media through relays with both legs' delay. Its offer
 * comes from the kiosk, which the click reaches first; `--offerer agent` measures beside the order with one crossing less.
 *
 * Run: node tests/bench/first-frame.ts [--stage app|lab] [--runs 20] [--delays 0,25,50] [--offerer kiosk|agent]
 * `app` is the whole application and needs its clients built; `lab` is the media module and the call engine behind a
 * small server of messages. Needs MEDIASOUP_WORKER_BIN where mediasoup's own worker is not installed. Prints a table and, as the last line, one JSON object.
 */
import { parseArgs } from 'node:util';
import { openBrowser } from '../media/lab/browser.ts';
import { median, printFigures, quantile, type Figure } from './first-frame/figures.ts';
import { openAppStage } from './first-frame/app-stage.ts';
import { openLabStage } from './first-frame/lab-stage.ts';
import { openPeerToPeerStage } from './first-frame/peer-to-peer.ts';
import type { Stage } from './first-frame/stage.ts';

const MEDIAN_GOAL = 0.3;
const P95_GOAL = 0.5;

const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'app' },
    runs: { type: 'string', default: '20' },
    delays: { type: 'string', default: '0,25,50' },
    offerer: { type: 'string', default: 'kiosk' },
  },
});
const runs = Number(values.runs);
const openStage = values.stage === 'lab' ? openLabStage : openAppStage;
const offerer = values.offerer === 'agent' ? 'agent' : 'kiosk';
const delays = values.delays.split(',').map(Number);

async function once(stage: Stage): Promise<number> {
  await stage.ring();
  const ms = await stage.accept();
  await stage.end();
  return ms;
}

async function compare(delayMs: number): Promise<Figure[]> {
  const browser = await openBrowser();
  const stages: Stage[] = [];
  const ours: number[] = [];
  const beside: number[] = [];
  try {
    const app = await openStage({ browser, delayMs });
    stages.push(app);
    const bare = await openPeerToPeerStage({ browser, delayMs, offerer });
    stages.push(bare);
    // The first of each warms up the browser's processes and the pages' code, and is not counted.
    for (let run = -1; run < runs; run += 1) {
      const pair = [await once(bare), await once(app)] as const;
      if (run < 0) continue;
      beside.push(pair[0]);
      ours.push(pair[1]);
      process.stderr.write(`${delayMs} ms, run ${run + 1}: ${pair[1].toFixed(0)} beside ${pair[0].toFixed(0)}\n`);
    }
  } finally {
    for (const stage of stages) await stage.close();
    await browser.close();
  }
  const cold = median(beside);
  const figure = (name: string, value: number, goal: number): Figure => {
    const ratio = value / cold;
    return {
      name: `${name}, ${delayMs} ms each way`,
      value,
      unit: 'ms',
      beside: cold,
      ratio,
      goal: `ratio ≤ ${goal}`,
      holds: ratio <= goal,
    };
  };
  return [figure('median', median(ours), MEDIAN_GOAL), figure('p95', quantile(ours, 0.95), P95_GOAL)];
}

const figures: Figure[] = [];
for (const delayMs of delays) figures.push(...(await compare(delayMs)));
printFigures('first-frame', figures);
