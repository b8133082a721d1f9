import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/flows/seed-demo.ts';
import { movesAgain, trackOf, type Seat } from '../bench/recovery/moving.ts';
import { createHttp } from '../integration/lab/http.ts';
import { addLabKiosk } from '../integration/lab/kiosk.ts';
import { signInLabStaff } from '../integration/lab/staff.ts';
import { startCall } from '../integration/lab/stories.ts';
import { accept, endCall, readyAgent } from './lab/agent.ts';
import { by, openBrowser } from './lab/browser.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { startNodes, type Nodes } from './lab/nodes.ts';

/** Issue of a dead node: noticed after 5 s of silence, and then a rejoin; what is promised is 10 s on a quiet machine. */
const BACK_WITHIN_MS = 30_000;
let nodes: Nodes;
let browser: Browser;

beforeAll(async () => {
  [nodes, browser] = await Promise.all([startNodes({ drainSeconds: 3 }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await nodes?.close();
});

const portOf = (url: string) => Number(new URL(url).port);

/** Both pictures of a running call move again after `job`, with new tracks. */
async function pictureBack(seats: Seat[], job: () => Promise<unknown>): Promise<void> {
  const before = await Promise.all(seats.map(trackOf));
  const back = seats.map((seat, at) => movesAgain(seat, { before: before[at] ?? '', withinMs: BACK_WITHIN_MS }));
  for (const one of back) one.catch(() => undefined);
  await job();
  await Promise.all(back);
}

/** Two calls without media at node `a`; what it returns ends them. */
async function callsAtA(): Promise<() => Promise<void>> {
  const { url } = nodes.a;
  const needs = { url, http: createHttp(url), now: () => Date.now() };
  const signIn = (username: string) => signInLabStaff({ ...needs, username, password: DEMO_PASSWORD });
  const token = await (await signIn('admin')).token();
  const ends: (() => Promise<unknown>)[] = [];
  for (const [username, language] of [
    ['wang.wei', 'zh-CN'],
    ['emma.brown', 'en'],
  ] as const) {
    const [kiosk, agent] = [await addLabKiosk({ ...needs, token }), await signIn(username)];
    await agent.open();
    await agent.must('queue:ready', {});
    const { callId } = await startCall({ kiosk, agent }, { language });
    ends.push(async () => {
      await agent.must('call:end', { callId });
      for (const line of [kiosk, agent]) line.leave();
    });
  }
  return async () => {
    for (const end of ends) await end();
  };
}
/** Whether a call's pictures go through the node's media workers. */
async function carries({ url }: { url: string }): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return /^openvtm_media_objects\{kind="consumers"\} [1-9]/m.test(metrics);
}

test('kiosk and agent on one node that has calls enough: theirs is on the idle one, and comes back when that dies', async () => {
  const endCalls = await callsAtA();
  nodes.balancer.prefer(portOf(nodes.a.url));
  const kiosk = await openKiosk(browser, nodes.url, { number: 2 });
  const agent = await readyAgent(browser, nodes.url, 'chen.jing');
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  const seats: Seat[] = [
    { page: kiosk.page, who: 'kiosk' },
    { page: agent.page, who: 'agent' },
  ];
  for (const seat of seats) await movesAgain(seat, { before: '', withinMs: BACK_WITHIN_MS });
  expect([await carries(nodes.a), await carries(nodes.b)]).toEqual([false, true]);

  await pictureBack(seats, () => nodes.b.kill('SIGKILL'));
  expect(await carries(nodes.a)).toBe(true);
  await endCall(agent);
  await by(kiosk.page, 'rating').waitFor();
  for (const { context } of [kiosk, agent]) await context.close();
  await endCalls();
  await nodes.b.start();
});

test('kiosk on one node, agent on the other: they meet, the node with the call dies, and the other has it back; then it drains', async () => {
  nodes.balancer.prefer(portOf(nodes.a.url));
  const kiosk = await openKiosk(browser, nodes.url);
  nodes.balancer.prefer(portOf(nodes.b.url));
  const agent = await readyAgent(browser, nodes.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  const seats: Seat[] = [
    { page: kiosk.page, who: 'kiosk' },
    { page: agent.page, who: 'agent' },
  ];
  for (const seat of seats) await movesAgain(seat, { before: '', withinMs: BACK_WITHIN_MS });

  await by(kiosk.page, 'captions-switch').click();
  await by(kiosk.page, 'caption').first().waitFor();

  // Where the agent was when it rang is where the call is: that node is killed.
  await pictureBack(seats, () => nodes.b.kill('SIGKILL'));
  await by(agent.page, 'end-call').waitFor();
  // Whoever reads the agent goes on reading: what was said before is not all.
  const words = async () => String(await by(kiosk.page, 'caption').allInnerTexts());
  const before = await words();
  await expect.poll(words, { timeout: BACK_WITHIN_MS }).not.toBe(before);
  await nodes.b.start();

  // SIGTERM: the call runs on while the node drains, and goes on in the other one after that.
  await pictureBack(seats, () => nodes.a.kill('SIGTERM'));
  expect(await by(kiosk.page, 'agent-tile').isVisible()).toBe(true);
  await endCall(agent);
  await by(kiosk.page, 'rating').waitFor();
});
