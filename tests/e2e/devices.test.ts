import { chromium } from 'playwright-core';
import { expect } from 'vitest';
import { accept, endCall, readyAgent } from './lab/agent.ts';
import { BROWSER_ARGS, by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { isCamera, loudest, watchVideo } from './lab/media.ts';

test('a kiosk whose camera is refused says what to do, and the call goes on with sound', async ({
  lab: { server, browser, faultless },
}) => {
  // Asks nobody, and refuses what was not granted.
  const args = [...BROWSER_ARGS.filter((arg) => !arg.startsWith('--use-fake-ui')), '--deny-permission-prompts'];
  const refusing = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args,
  });
  const kiosk = await openKiosk(refusing, server.url, { permissions: ['microphone'] });
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(kiosk.page, 'device-face').waitFor();
  await accept(agent);
  expect((await watchVideo(kiosk.page, '[data-testid="agent-tile"]')).changed).toBe(true);
  await expect
    .poll(() => loudest(agent.page, '[data-testid="customer-sound"]'), { timeout: 20_000 })
    .toBeGreaterThan(0.01);
  await endCall(agent);
  await by(agent.page, 'outcome-technical-problem').click();
  await by(agent.page, 'wrap-up-break').click();
  faultless(kiosk, agent);
  await refusing.close();
});

test('nothing of the customer is decoded while it rings, and a killed or hung media worker brings the call back by itself', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { number: 2 });
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  const ringing = await watchVideo(agent.page, '[data-testid="customer-video"]', 10);
  expect(isCamera(ringing)).toBe(false);
  await accept(agent);
  await expect
    .poll(async () => isCamera(await watchVideo(agent.page, '[data-testid="customer-video"]', 2)), { timeout: 15_000 })
    .toBe(true);
  const bothMove = async () => {
    for (const [page, selector] of [
      [agent.page, '[data-testid="customer-video"]'],
      [kiosk.page, '[data-testid="agent-tile"]'],
    ] as const) {
      expect((await watchVideo(page, selector)).changed).toBe(true);
    }
  };
  await bothMove();
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    const [pid] = await server.workers();
    expect(pid).toBeDefined();
    process.kill(pid ?? 0, signal);
    await expect
      .poll(async () => (await server.workers()).filter((one) => one !== pid).length, { timeout: 15_000 })
      .toBe(1);
    await bothMove();
  }
  await by(agent.page, 'end-call').waitFor();
  faultless(kiosk, agent);
});
