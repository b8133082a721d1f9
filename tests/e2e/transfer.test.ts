import { expect } from 'vitest';
import { accept, readyAgent } from './lab/agent.ts';
import { by } from './lab/browser.ts';
import { test } from './lab/index.ts';
import { joinQueue, openKiosk } from './lab/kiosk.ts';
import { isCamera, watchVideo } from './lab/media.ts';

test('an agent passes the customer on with a note, which the colleague reads before and in the call', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number');
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  const colleague = await readyAgent(browser, server.url, 'emma.brown');
  faultless(kiosk, agent, colleague);

  await agent.page.keyboard.press('i');
  await by(agent.page, 'people-transfer').click();
  await by(agent.page, 'transfer-note').fill("Mr O'Neil asks about the fees");
  await by(agent.page, 'colleague').click();
  await by(agent.page, 'transfer-yes').click();
  await by(agent.page, 'wrap-up').waitFor();

  await by(colleague.page, 'passed-on').waitFor();
  expect(await by(colleague.page, 'passed-on').innerText()).toContain("Mr O'Neil asks about the fees");
  await accept(colleague);
  expect(await by(colleague.page, 'call-passed-on').innerText()).toContain('李娜');
  const picture = await watchVideo(kiosk.page, '[data-testid="agent-tile"]');
  expect(picture.changed && isCamera(picture)).toBe(true);
});

test('to a skill: nobody there is said before anything is sent; then only who has it is rung, and the kiosk says what for', async ({
  lab: { server, browser, faultless },
}) => {
  const kiosk = await openKiosk(browser, server.url);
  const agent = await readyAgent(browser, server.url);
  await joinQueue(kiosk, 'update-phone-number', { language: 'zh-CN' });
  await by(agent.page, 'offer-card').waitFor();
  await accept(agent);
  // She speaks no Chinese, and knows no cards.
  const other = await readyAgent(browser, server.url, 'emma.brown');
  faultless(kiosk, agent, other);

  const { keyboard } = agent.page;
  await keyboard.press('i');
  await by(agent.page, 'people-transfer').click();
  await by(agent.page, 'transfer-note').fill('Asks about card fees');
  const target = by(agent.page, 'transfer-target');
  const cards = target.locator('option[value="skill:cards"]');
  await expect.poll(() => cards.innerText(), { timeout: 15_000 }).toBe('Cards (nobody on duty now)');
  await target.selectOption('skill:cards');
  await target.press('Tab');
  await keyboard.press('Enter');
  await by(agent.page, 'transfer-nobody').waitFor();
  await keyboard.press('Escape');
  await by(agent.page, 'transfer-yes').waitFor({ state: 'detached' });
  expect(await by(agent.page, 'end-call').isVisible()).toBe(true);

  const colleague = await readyAgent(browser, server.url, 'wang.wei');
  faultless(colleague);
  await expect.poll(() => cards.innerText(), { timeout: 15_000 }).toBe('Cards (1 on duty, 1 free)');
  await by(agent.page, 'transfer-to').click();
  expect(await by(agent.page, 'transfer-nobody').count()).toBe(0);
  // Pressed twice it is one transfer.
  await by(agent.page, 'transfer-yes').dblclick();
  await by(agent.page, 'wrap-up').waitFor();
  await by(colleague.page, 'passed-on').waitFor();
  expect(await by(colleague.page, 'passed-on').innerText()).toContain('Asks about card fees');
  expect(await kiosk.page.locator('h1').innerText()).toMatch(/柜员|银行卡/);
  expect(await by(other.page, 'offer-card').count()).toBe(0);
  await accept(colleague);
  const picture = await watchVideo(kiosk.page, '[data-testid="agent-tile"]');
  expect(picture.changed && isCamera(picture)).toBe(true);
  expect(await by(agent.page, 'offer-card').count()).toBe(0);
});
