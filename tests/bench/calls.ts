/**
 * What a call survives. Two server processes on one Postgres and one Redis: the one with the call is killed, both are
 * restarted in turn, Redis comes back empty (beside: a reload of the agent's page); offers accepted at both at once. One
 * server behind relays on loopback: its links are cut and restored (beside: the length of the cut), lose datagrams and
 * delay them (beside: a good link), give everybody a new address. Its media worker is killed and made to hang. A warm
 * transfer, a call of six, what two hundred calls leave behind, and what forwarding costs beside a bare media server and,
 * where it is installed (apt install janus) and root may add an interface for it, beside Janus.
 *
 * Run: npm run bench:calls [-- --rounds 20 --cuts 10 --only nodes,cuts,loss,address,workers,transfer,six,leftovers,accepts,forwarding].
 * Two calls are cut at once. Prints a table and, as the last line, one JSON object.
 */
import { parseArgs } from 'node:util';
import { openBrowser } from '../e2e/lab/browser.ts';
import { accepts } from './calls/accepts.ts';
import { address } from './calls/address.ts';
import { cuts } from './calls/cuts.ts';
import { forwarding } from './calls/forwarding.ts';
import { leftovers } from './calls/leftovers.ts';
import { loss } from './calls/loss.ts';
import { nodes } from './calls/nodes.ts';
import { six } from './calls/six.ts';
import { say } from './calls/stage.ts';
import { transfer } from './calls/transfer.ts';
import { workers } from './calls/workers.ts';
import { printFigures, type Figure } from './first-frame/figures.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    cuts: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '60' },
    calls: { type: 'string', default: '200' },
    races: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
});
const [rounds, cutRounds, seconds] = [values.rounds, values.cuts, values.seconds].map(Number) as [
  number,
  number,
  number,
];

type Part = (browser: Awaited<ReturnType<typeof openBrowser>>) => Promise<Figure[]>;
const parts: Record<string, Part> = {
  nodes: (browser) => nodes(browser, { rounds }),
  cuts: (browser) => cuts(browser, { rounds: cutRounds, calls: 2 }),
  loss: () => loss({ seconds }),
  address: (browser) => address(browser, { rounds }),
  workers: (browser) => workers(browser, { rounds }),
  transfer: (browser) => transfer(browser, { rounds }),
  six: (browser) => six(browser, { seconds: seconds / 2 }),
  leftovers: () => leftovers({ calls: Number(values.calls) }),
  accepts: () => accepts({ races: Number(values.races) }),
  forwarding: () => forwarding({ rounds: 4, seconds: seconds / 6 }),
};

const figures: Figure[] = [];
for (const name of values.only?.split(',') ?? Object.keys(parts)) {
  const part = parts[name];
  if (!part) throw new Error(`there is no part ${name}: ${Object.keys(parts).join(', ')}`);
  say(`measuring: ${name} …`);
  // Each with a browser of its own: what one leaves in it is no other's burden.
  const browser = await openBrowser();
  try {
    figures.push(...(await part(browser)));
  } finally {
    await browser.close();
  }
}
printFigures('calls', figures);
