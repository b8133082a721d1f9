import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { movesAgain, trackOf, type Seat } from '../bench/recovery/moving.ts';
import { accept, endCall, readyAgent } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { startHaproxy, type Proxy } from './lab/haproxy.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { startNodes, type Nodes } from './lab/nodes.ts';

const BACK_WITHIN_MS = 30_000;
let nodes: Nodes;
let proxy: Proxy;
let browser: Browser;

beforeAll(async () => {
  // The certificate is of the test's own making.
  [nodes, browser] = await Promise.all([
    startNodes({ drainSeconds: 3 }),
    openBrowser({ args: ['--ignore-certificate-errors'] }),
  ]);
  proxy = await startHaproxy([portOf(nodes.a.url), portOf(nodes.b.url)]);
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await nodes?.close();
});

const portOf = (url: string) => Number(new URL(url).port);
const hasStaff = async (url: string) =>
  (await (await fetch(`${url}/metrics`)).text()).includes('openvtm_lines{kind="staff"} 1');

test('through the shipped proxy: a call, the death of one process, and the draining of the other', async () => {
  const kiosk = await openKiosk(browser, proxy.url);
  const agent = await readyAgent(browser, proxy.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  const seats: Seat[] = [
    { page: kiosk.page, who: 'kiosk' },
    { page: agent.page, who: 'agent' },
  ];
  for (const seat of seats) await movesAgain(seat, { before: '', withinMs: BACK_WITHIN_MS });
  const pictureBack = async (seat: Seat[], job: () => Promise<unknown>) => {
    const before = await Promise.all(seat.map(trackOf));
    const back = seat.map((one, at) => movesAgain(one, { before: before[at] ?? '', withinMs: BACK_WITHIN_MS }));
    for (const one of back) one.catch(() => undefined);
    await job();
    await Promise.all(back);
  };
  // The call is where the agent's line was when it rang.
  const first = (await hasStaff(nodes.a.url)) ? nodes.a : nodes.b;
  const second = first === nodes.a ? nodes.b : nodes.a;
  await pictureBack(seats, () => first.kill('SIGKILL'));
  await first.start();
  await pictureBack(seats, () => second.kill('SIGTERM'));
  await endCall(agent);
  await by(kiosk.page, 'rating').waitFor();
  expect([kiosk, agent].flatMap(({ wrongs }) => wrongs.filter((wrong) => !/status of 50[23]/.test(wrong)))).toEqual([]);
});

test('what processes ask each other and what Prometheus reads is not there for browsers, and plain HTTP leads to TLS', async () => {
  const { page } = await openKiosk(browser, proxy.url, { number: 2 });
  const statuses = await page.evaluate(async () =>
    Promise.all(['/node', '/node/', '/metrics', '/healthz', '/kiosk/'].map(async (path) => (await fetch(path)).status)),
  );
  expect(statuses).toEqual([404, 404, 404, 200, 200]);
  const answer = await fetch(`${proxy.plainUrl}/kiosk/`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([308, expect.stringMatching(/^https:.*\/kiosk\/$/)]);
});
