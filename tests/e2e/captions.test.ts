import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { mustBeAccessible, stumblesOn } from './lab/accessible.ts';
import { accept, endCall, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { inEveryLook, KIOSK_LOOKS } from './lab/looks.ts';

const SOON = { timeout: 20_000 };
const captionsOn = (page: Page) => by(page, 'caption').count();

/** An administrator tells the simulated speech service to hang up, or to answer again. */
async function tellService(url: string, behaviour: 'usual' | 'down'): Promise<void> {
  const headers = { 'X-OpenVTM': '1', 'Content-Type': 'application/json' };
  const login = await fetch(`${url}/api/staff/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ username: 'admin', password: 'openvtm-demo' }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const told = await fetch(`${url}/api/captions/simulator`, {
    method: 'PUT',
    headers: { ...headers, Authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ behaviour }),
  });
  expect(told.status).toBe(200);
}

test('captions follow the real voice: asked for by one touch, said to be simulated, silent with the voice and on hold, lost and back', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url, { touch: true });
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await accept(agent);
  await by(kiosk.page, 'hearing-bar').waitFor();
  expect(await by(kiosk.page, 'captions').count()).toBe(0);
  expect(await by(agent.page, 'hearing-pane').count()).toBe(0);

  // Every look, with the switch off and with words.
  const stumbles: string[] = [];
  const looks = (what: string) =>
    inEveryLook(kiosk.page, KIOSK_LOOKS, async (name) => {
      stumbles.push(...(await stumblesOn(kiosk.page, `${what}, ${name}`)));
    });
  await looks('captions off');

  await by(kiosk.page, 'captions-switch').tap();
  await by(agent.page, 'captions-read').waitFor();
  await expect.poll(() => captionsOn(kiosk.page), SOON).toBeGreaterThan(0);
  await by(kiosk.page, 'captions-simulated').waitFor();
  expect(await by(kiosk.page, 'caption').first().innerText()).toContain('李娜');
  await looks('captions on');
  expect(stumbles).toEqual([]);
  // Nobody asked to read the customer.
  expect(await by(agent.page, 'caption').count()).toBe(0);
  expect(await by(kiosk.page, 'captions-read').count()).toBe(0);

  // A muted agent is silent, and so are the captions.
  const words = () => by(kiosk.page, 'caption').allInnerTexts();
  await by(agent.page, 'mute').click();
  await expect
    .poll(async () => {
      const before = await words();
      await kiosk.page.waitForTimeout(2_500);
      return String(await words()) === String(before);
    }, SOON)
    .toBe(true);
  const still = String(await words());
  await by(agent.page, 'mute').click();
  await expect.poll(async () => String(await words()), SOON).not.toBe(still);

  // The agent reads the customer, who is told.
  await by(agent.page, 'call-devices').click();
  await by(agent.page, 'captions-switch').click();
  await by(kiosk.page, 'captions-read').waitFor();
  await expect.poll(() => captionsOn(agent.page), SOON).toBeGreaterThan(0);
  expect(await by(agent.page, 'caption').first().getAttribute('data-speaker')).toBe('customer');
  await mustBeAccessible(agent, 'desk with captions');

  // A reload keeps the wish.
  await kiosk.page.reload();
  await expect.poll(() => captionsOn(kiosk.page), SOON).toBeGreaterThan(0);

  // On hold nobody is read.
  await by(agent.page, 'hold').click();
  await by(kiosk.page, 'hold').waitFor();
  await expect.poll(() => captionsOn(agent.page), SOON).toBe(0);
  await agent.page.waitForTimeout(1_500);
  expect(await captionsOn(agent.page)).toBe(0);
  await by(agent.page, 'hold').click();
  await expect.poll(() => captionsOn(kiosk.page), SOON).toBeGreaterThan(0);

  await tellService(server.url, 'down');
  await by(kiosk.page, 'captions-lost').waitFor();
  await by(agent.page, 'captions-lost').waitFor();
  await mustBeAccessible(agent, 'desk with lost captions');
  await tellService(server.url, 'usual');
  await by(kiosk.page, 'captions-lost').waitFor({ state: 'detached' });

  await by(kiosk.page, 'captions-switch').tap();
  await by(kiosk.page, 'captions').waitFor({ state: 'detached' });
  await endCall(agent);
  faultless(kiosk, agent);
});
